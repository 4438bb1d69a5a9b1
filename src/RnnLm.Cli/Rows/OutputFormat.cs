namespace RnnLm.Cli.Rows;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>By the ending of the file; else as the rows are read.</summary>
    Auto,

    /// <summary>Lines for people and simple tools.</summary>
    Text,

    /// <summary>An object in each line.</summary>
    Jsonl,

    /// <summary>A table with commas between the fields (RFC 4180), whose first line names the columns.</summary>
    Csv,

    /// <summary>The same with tabs.</summary>
    Tsv,

    /// <summary>A matrix of 32-bit floats, a vector in each row, as NumPy saves it.</summary>
    Npy,

    /// <summary>The same in a safetensors file, under the name of the column.</summary>
    Safetensors,
}
