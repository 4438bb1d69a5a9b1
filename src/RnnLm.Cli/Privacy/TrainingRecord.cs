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
    /// <param name="all">Their rows; read once.</param>
    /// <exception cref="UsageException">The model does not say it, or was trained on other rows.</exception>
    public IReadOnlySet<int> RowsKeptApart(IReadOnlyList<string> files, IEnumerable<TextRow> all)
    {
        if (WhyUnknown() is { } reason)
            throw Unknown(reason);
        int rows = RequireSame(files, all);
        (_, int[] apart) = CorpusPart.SplitRows(rows, _config!.Options.Training.ValidationFraction, (ulong)_model.Training!.Seed!.Value);
        return apart.Length > 0 ? apart.ToHashSet() : throw Unknown($"of {rows:N0} rows, none was kept apart for validation");
    }

    /// <summary>Returns which files the model was trained on, where a file is known to be none of them; else null.</summary>
    public string? OtherFiles(string file)
    {
        // The names of the files, of which many are cut off; the standard input has none.
        if (_config is null || !_model.Metadata.TryGetValue(TrainedModel.DataKey, out string? data))
            return null;
        string[] names = data.Split(", ");
        return names.Contains(file, StringComparer.Ordinal) || names.Contains(TextFile.StandardInput, StringComparer.Ordinal)
            || names[^1].StartsWith('…') ? null : data;
    }

    /// <summary>Returns the number of rows where they are those of the training, which are drawn by their numbers.</summary>
    private int RequireSame(IReadOnlyList<string> files, IEnumerable<TextRow> all)
    {
        using var hash = new RowsHash();
        foreach (TextRow row in all)
            hash.Add(row);
        string saved = _model.Metadata[TrainedModel.RowsKey], given = string.Join(", ", files.Take(3));
        if (saved == hash.Value)
            return hash.Rows;
        string trained = string.Join(", ", _config!.Source.Files.Take(3)), count = RowsHash.RowsOf(saved);
        throw Unknown(count == RowsHash.RowsOf(hash.Value)
            ? $"it was trained on {count} rows of {trained}, and those of {given} are not the same in the same order, so that the rows "
            + "kept "
                + "apart for validation are not known"
            : $"it was trained on {count} rows of {trained}, but {given} has {hash.Rows}, so that the rows kept apart for validation are "
                + "not known");
    }

    private UsageException Unknown(string reason) =>
        new($"There are no real rows to compare with: {reason}. Give rows that '{_path}' was not trained on, by --held-out.");

    private string? WhyUnknown()
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
        return _model.Metadata.ContainsKey(TrainedModel.RowsKey) ? null
            : "it was saved by a version of rnnlm that did not keep a hash of the training rows, so that those kept apart "
            + "for validation are not known";
    }
}
