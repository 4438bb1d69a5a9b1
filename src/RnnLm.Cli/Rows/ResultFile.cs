namespace RnnLm.Cli.Rows;

/// <summary>Results on their way into a stream, with what comes before and after them.</summary>
/// <param name="output">The stream; one that can seek, for a matrix.</param>
/// <param name="layout">How they are written.</param>
internal sealed class ResultFile(Stream output, ResultLayout layout)
{
    /// <summary>Gets the number of results.</summary>
    public long Records { get; private set; }

    /// <summary>Gets the number of bytes before the first result.</summary>
    public int HeaderLength { get; private set; }

    /// <summary>Writes what comes before the first result.</summary>
    public void Begin()
    {
        byte[] header = layout.Header(0);
        output.Write(header);
        HeaderLength = header.Length;
    }

    /// <summary>Writes results.</summary>
    public void Add(RowBlock block)
    {
        output.Write(block.Bytes);
        Records += block.Records;
    }

    /// <summary>Writes what is known at the end.</summary>
    public void Finish()
    {
        if (!layout.IsMatrix)
            return;
        output.Position = 0;
        output.Write(layout.Header(Records));
        output.Position = output.Length;
    }
}
