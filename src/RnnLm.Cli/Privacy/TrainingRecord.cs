using RnnLm.Cli.Configuration;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Data;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Privacy;

/// <summary>What a model says of the rows that it was trained on.</summary>
internal sealed class TrainingRecord
{
    private readonly SavedModel _model;
    private readonly string _path;
    private readonly TrainingConfig? _config;

    public TrainingRecord(SavedModel model, string path)
    {
        (_model, _path) = (model, path);
        _config = model.Training is not null && model.Metadata.ContainsKey(TrainedModel.ConfigKey)
            ? TrainedModel.Recall(model, path)
            : null;
    }

    /// <summary>Returns how the training file was read; as by default where the model does not say it.</summary>
    public SourceOptions Source
    {
        get
        {
            SourceOptions source = _config is null ? new() : TrainedModel.Recall(_model, _path).Source;
            (source.Files, source.Validation) = ([], []);
            return source;
        }
    }

    /// <summary>Returns which rows of the training files were kept apart for validation.</summary>
    /// <param name="files">The names of the files.</param>
    /// <param name="rows">The number of rows that are not empty.</param>
    /// <exception cref="UsageException">The model does not say it.</exception>
    public IReadOnlySet<int> RowsKeptApart(IReadOnlyList<string> files, int rows)
    {
        if (WhyUnknown(files) is { } reason)
            throw Unknown(reason);
        (_, int[] apart) = CorpusPart.SplitRows(rows, _config!.Options.Training.ValidationFraction, (ulong)_model.Training!.Seed!.Value);
        return apart.Length > 0 ? apart.ToHashSet() : throw Unknown($"of {rows:N0} rows, none was kept apart for validation");
    }

    private UsageException Unknown(string reason) =>
        new($"There are no real rows to compare with: {reason}. Give rows that '{_path}' was not trained on, by --held-out.");

    private string? WhyUnknown(IReadOnlyList<string> files)
    {
        if (_config is null)
            return "the model does not say which rows were kept apart for validation, as 'rnnlm train' did not write it";
        if (_model.DataMode == DataMode.Stream)
            return "it was trained on a running text, of which no rows are kept apart";
        if (_config.Source.Validation is { Count: > 0 } validation)
            return $"it was validated on a file of its own, '{validation[0]}', which may serve";
        if (_config.Previous is { } previous)
            return $"it was trained further from '{previous}', which may have been trained on any of the rows";
        if (_config.Options.Training.ValidationFraction == 0)
            return "it was trained without validation data";
        if (_model.Training!.Seed is null)
            return "it was trained privately, and does not keep the seed by which rows are kept apart";
        return files.SequenceEqual(_config.Source.Files, StringComparer.Ordinal) ? null
            : $"it was trained on {string.Join(", ", _config.Source.Files.Take(3))}, not on {string.Join(", ", files.Take(3))}, so that "
            + $"the rows kept apart for validation are not known";
    }
}
