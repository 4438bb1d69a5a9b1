namespace RnnLm.Cli.Sources;

/// <summary>How files hold text.</summary>
internal enum SourceFormat
{
    /// <summary>*.csv are tables, and so are other files of which columns are named, with tabs; others are text.</summary>
    Auto,

    /// <summary>Text as it is.</summary>
    Text,

    /// <summary>A table with commas between the fields.</summary>
    Csv,

    /// <summary>A table with tabs between the fields.</summary>
    Tsv,
}
