namespace RnnLm.Cli.DataSets;

/// <summary>How rows are written.</summary>
internal enum RowFormat
{
    /// <summary>By the ending of the file: csv, jsonl, else txt.</summary>
    Auto,

    /// <summary>A text in each line.</summary>
    Txt,

    /// <summary>A table with commas, whose first line names the columns (RFC 4180).</summary>
    Csv,

    /// <summary>An object in each line.</summary>
    Jsonl,
}
