namespace RnnLm.Cli.Rows;

/// <summary>How results are written.</summary>
/// <param name="Format">The format.</param>
/// <param name="Columns">The columns of a table; else none.</param>
/// <param name="Name">The name of a matrix.</param>
/// <param name="VectorLength">The length of its rows.</param>
internal sealed record ResultLayout(OutputFormat Format, IReadOnlyList<string> Columns, string Name, int VectorLength)
{
    /// <summary>Gets whether fields of a table stand in quotes where they need it.</summary>
    public bool Quotes { get; init; } = true;

    /// <summary>Gets whether it is a matrix, with the number of its rows before them.</summary>
    public bool IsMatrix => Format is OutputFormat.Npy or OutputFormat.Safetensors;

    /// <summary>Gets whether it is a table.</summary>
    public bool IsTable => Format is OutputFormat.Csv or OutputFormat.Tsv;

    /// <summary>Gets how files of the format end.</summary>
    public static string EndingOf(OutputFormat format) => format switch
    {
        OutputFormat.Text => ".txt",
        _ => "." + format.ToString().ToLowerInvariant(),
    };

    /// <summary>Returns the format that a file's name asks for; <see cref="OutputFormat.Auto"/> where it asks for none.</summary>
    public static OutputFormat FormatOf(string? path) => Path.GetExtension(path ?? "").ToLowerInvariant() switch
    {
        ".ndjson" => OutputFormat.Jsonl,
        var ending => Enum.GetValues<OutputFormat>().FirstOrDefault(format =>
            format != OutputFormat.Auto && EndingOf(format) == ending),
    };

    /// <summary>Returns what comes before the first result.</summary>
    /// <param name="records">The number of results.</param>
    public byte[] Header(long records)
    {
        if (IsMatrix)
            return MatrixHeader.Make(Format, Name, records, VectorLength);
        if (!IsTable)
            return [];
        RowBlock block = NewBlock();
        block.AddHeader();
        return block.Bytes.ToArray();
    }

    /// <summary>Makes what results are written to.</summary>
    public RowBlock NewBlock() => new(Format, Columns, Quotes);
}
