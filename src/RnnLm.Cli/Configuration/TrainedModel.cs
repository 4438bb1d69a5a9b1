using System.Globalization;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Configuration;

/// <summary>What a trained model keeps of how it was made.</summary>
internal static class TrainedModel
{
    /// <summary>The key of a model's metadata with the configuration that it was trained by.</summary>
    public const string ConfigKey = "rnnlm.json";

    /// <summary>The key of a model's metadata with the names of the files that it was trained on.</summary>
    public const string DataKey = "data";

    /// <summary>The key of a model's metadata with what tells its training rows from others; a private model has none.</summary>
    public const string RowsKey = "rows";

    /// <summary>Adds the names of the data, of the columns in ML.NET, and all that made the model.</summary>
    public static SavedModel Describe(SavedModel model, TrainingConfig config, TextData data, TextData? validation)
    {
        var columns = new Dictionary<string, string>(model.Columns, StringComparer.Ordinal);
        if (model.DataMode == DataMode.Pairs)
            columns["target"] = "Target";
        if (model.Conditions.Count > 0)
            columns["condition"] = "Condition";
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [DataKey] = data.Description,
            [ConfigKey] = Record(config, [.. data.Tables, .. validation?.Tables ?? []], model.Training!.Seed)
        };
        // Who knows all rows but one could find that one by the hash, so that a private model does not keep it.
        if (data.Hash is { } hash && model.Training.Privacy is null)
            metadata[RowsKey] = hash;
        return model with { Columns = columns, Metadata = metadata };
    }

    /// <summary>Reads the configuration that made a model.</summary>
    /// <exception cref="UsageException">It is not kept in the model.</exception>
    public static TrainingConfig Recall(SavedModel model, string path)
    {
        if (!model.Metadata.TryGetValue(ConfigKey, out string? json))
        {
            throw new UsageException($"'{path}' does not say how it was made: 'rnnlm train' did not write it. "
                + $"Give the configuration ({TrainingConfig.Extension}) instead.");
        }

        TrainingConfig config = ConfigReader.ReadText(json, $"{path}: {ConfigKey}");
        // The user can mend nothing in it. Earlier versions let by options that the task does not have; they changed nothing.
        config.Places.Clear();
        return config;
    }

    private static string Record(TrainingConfig config, IReadOnlyList<TableFile> tables, long? seed)
    {
        // A model goes to other machines: files are kept by their names alone, columns by their numbers where these are the same in all
        // files, and the seed as it was drawn, but not that of private training, by which the noise could be taken out.
        TrainingConfig kept = ConfigReader.ReadText(ConfigWriter.ToLine(config), ConfigKey);
        SourceOptions source = kept.Source;
        (source.Files, source.Validation) = (Names(source.Files), Names(source.Validation));
        (kept.Output, kept.Previous) = (Name(kept.Output), Name(kept.Previous));
        (kept.Options.Training.Seed, kept.Options.Training.CheckpointPath, kept.Options.Training.Resume) = (seed, null, false);
        if (tables.Count > 0 && tables.All(table => table.Places == tables[0].Places))
        {
            TableFile table = tables[0];
            source.TextColumn = table.Text.ToString(CultureInfo.InvariantCulture);
            source.TargetColumn = table.Target?.ToString(CultureInfo.InvariantCulture);
            config.Kind.SetCategoryColumn(source, table.Condition?.ToString(CultureInfo.InvariantCulture));
        }

        return ConfigWriter.ToLine(kept);
    }

    private static string[] Names(IEnumerable<string> paths) => [.. paths.Select(path => Name(path)!)];

    private static string? Name(string? path) => Path.GetFileName(path?.TrimEnd(Path.DirectorySeparatorChar));
}
