using RnnLm.Cli.Sources;

namespace RnnLm.Cli.Rows;

/// <summary>How rows are read and their results written: the same for every command that answers rows.</summary>
internal sealed class RowOptions : SourceOptions
{
    public InputFormat InputFormat { get; set; }

    public string? KeyColumn { get; set; }

    public OutputFormat OutputFormat { get; set; }

    public OnError OnError { get; set; }

    public string? Errors { get; set; }

    public int? BatchSize { get; set; }

    /// <summary>Returns how a file is read.</summary>
    public InputFormat FormatOf(string path)
    {
        if (InputFormat != InputFormat.Auto)
            return InputFormat;
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => InputFormat.Jsonl,
            ".csv" => InputFormat.Csv,
            ".tsv" => InputFormat.Tsv,
            // With a separator, whatever it is.
            _ => Separator is null ? InputFormat.Text : InputFormat.Csv,
        };
    }
}
