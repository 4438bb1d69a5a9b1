namespace RnnLm.Cli.Rows;

/// <summary>How rows are read.</summary>
internal enum InputFormat
{
    /// <summary>By the ending of each file; text where that says nothing.</summary>
    Auto,

    /// <summary>A text in each line.</summary>
    Text,

    /// <summary>A table with commas between the fields.</summary>
    Csv,

    /// <summary>A table with tabs between the fields.</summary>
    Tsv,

    /// <summary>An object in each line.</summary>
    Jsonl,
}
