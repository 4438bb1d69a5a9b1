using Microsoft.ML;
using Microsoft.ML.Runtime;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.MLNetInternals;

/// <summary>Writes a model into, and reads it from, the folder that a transformer has in an ML.NET model file.</summary>
internal static class ModelEntries
{
    // The format of config.json has a version of its own; that of ML.NET's block, which is empty, stays the first.
    private const uint FirstVersion = 0x00010001;

    public static void Save(ModelSaveContext context, string loaderSignature, SavedModel model)
    {
        context.CheckAtModel();
        context.SetVersionInfo(Version(loaderSignature));
        var writer = new SavedModelWriter(model);
        context.SaveBinaryStream(SavedModel.ConfigName, entry => writer.WriteConfig(entry.BaseStream));
        context.SaveBinaryStream(SavedModel.WeightsName, entry => writer.WriteWeights(entry.BaseStream));
    }

    /// <exception cref="FormatException">An entry is missing, or damaged, or of a newer format.</exception>
    public static SavedModel Load(IExceptionContext exceptions, ModelLoadContext context, string loaderSignature)
    {
        context.CheckAtModel(Version(loaderSignature));
        byte[]? config = null;
        SavedModel? model = null;
        context.TryLoadBinaryStream(SavedModel.ConfigName, entry => config = SavedModelReader.ReadConfig(entry.BaseStream));
        if (config is not null)
            context.TryLoadBinaryStream(SavedModel.WeightsName,
                entry => model = SavedModelReader.Read(config, entry.BaseStream, entry.BaseStream.Length));
        return model ?? throw exceptions.Process(new FormatException(
            $"The model file has no {(config is null ? SavedModel.ConfigName : SavedModel.WeightsName)} in '{context.Directory}'."));
    }

    private static VersionInfo Version(string loaderSignature) => new(
        MemberSignature.ModelSignature(loaderSignature), FirstVersion, FirstVersion, FirstVersion,
        loaderAssemblyName: typeof(ModelEntries).Assembly.FullName, loaderSignature: loaderSignature);
}
