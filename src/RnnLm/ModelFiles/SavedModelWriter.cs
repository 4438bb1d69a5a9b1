using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RnnLm.Modeling;
using RnnLm.SafeTensors;

namespace RnnLm.ModelFiles;

/// <summary>Writes the two streams of a model file.</summary>
internal sealed class SavedModelWriter
{
    private readonly SavedModel _model;
    private readonly byte[] _config;

    /// <summary>Prepares a model for writing.</summary>
    /// <exception cref="InvalidOperationException">A weight is not a finite number.</exception>
    public SavedModelWriter(SavedModel model)
    {
        _model = model;
        foreach (WeightTensor tensor in model.Weights)
        {
            if (!TensorPrimitives.IsFiniteAll<float>(tensor.Values))
                throw new InvalidOperationException($"The model can't be saved: its weights '{tensor.Name}' hold NaN or infinity. Train "
                    + "with a smaller learning rate, or clip the gradients.");
        }

        _config = JsonSerializer.SerializeToUtf8Bytes(ToDocument(model), ModelDocumentJson.Strict.ModelDocument);
    }

    /// <summary>Writes <c>config.json</c>.</summary>
    public void WriteConfig(Stream stream) => stream.Write(_config);

    /// <summary>Writes <c>model.safetensors</c>, which knows its <c>config.json</c> by its hash.</summary>
    public void WriteWeights(Stream stream) =>
        WriteWeights(stream, SavedModelReader.ConfigHashKey, Convert.ToHexStringLower(SHA256.HashData(_config)));

    /// <summary>Writes the whole model as one safetensors file, with its <c>config.json</c> among the metadata.</summary>
    public void WriteSafeTensors(Stream stream) => WriteWeights(stream, SavedModelReader.ConfigKey, Encoding.UTF8.GetString(_config));

    private void WriteWeights(Stream stream, string key, string value)
    {
        // By "format" other programs know PyTorch's names and layouts.
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt", [key] = value };
        var bytes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (_model.TrainingText is { } filter)
            bytes.Add(SavedModelReader.FilterName, filter.ToBytes());
        SafeTensorsWriter.Write(stream, _model.Weights, metadata, bytes);
    }

    private static ModelDocument ToDocument(SavedModel model) => new()
    {
        FormatVersion = SavedModelReader.FormatOf(model.Vocabulary),
        Producer = SavedModelReader.Producer,
        Model = NetworkDocument.Of(model.Config, model.Dropout),
        Vocabulary = new()
        {
            Characters = string.Concat(model.Vocabulary.Characters),
            UnknownCharacters = model.Vocabulary.UnknownCharacters,
            StartAndEnd = model.Vocabulary.StartId is not null,
        },
        DataMode = model.DataMode,
        RowSeparator = model.DataMode == DataMode.Stream && model.Signature == MemberSignature.LanguageModel ? model.RowSeparator : null,
        MaximumRowLength = model.Signature == MemberSignature.TextClassifier ? model.MaxRowLength : null,
        Conditions = model.Conditions,
        ConditionCounts = model.ConditionCounts.Count > 0 ? model.ConditionCounts : null,
        Classes = model.Classes,
        Columns = model.Columns,
        Metadata = model.Metadata,
        Sampling = model.Sampling,
        Training = model.Training,
        Calibration = model.Calibration is { } calibration ? CalibrationDocument.Of(calibration) : null,
    };
}
