using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Rows;

/// <summary>The results of a share of the rows, as a part file.</summary>
/// <param name="source">The rows.</param>
/// <param name="layout">How results are written.</param>
/// <param name="run">What answers rows and writes results.</param>
/// <param name="context">Where it is said what is done.</param>
internal sealed class RowPart(RowSource source, ResultLayout layout, RowRun run, CommandContext context)
{
    /// <summary>Gets whether a part that is there is made anew.</summary>
    public bool Overwrites { get; init; }

    /// <summary>Gets whether rows may be left out.</summary>
    public bool Skips { get; init; }

    /// <summary>Writes the part, unless it is there.</summary>
    /// <param name="shard">The share.</param>
    /// <param name="path">The folder of the parts.</param>
    /// <param name="inputs">The files that are read, none of which is written over.</param>
    /// <param name="settings">All that the results depend on.</param>
    /// <param name="rows">All rows, to be counted.</param>
    /// <exception cref="TextDataException">The rows changed while they were read, or one is not as it should be.</exception>
    public void Write(Shard shard, string path, IEnumerable<string> inputs, IReadOnlyDictionary<string, string> settings,
        IEnumerable<RawRow> rows)
    {
        var folder = new PartFolder(path, shard, ResultLayout.EndingOf(layout.Format), inputs, context);
        string stamp = source.Stamp;
        long total = rows.LongCount();
        (long first, long end) = shard.Of(total);
        bool isWritten = folder.Write(new PartPlan(total, settings), Overwrites, Skips, (results, errors) =>
        {
            run.Errors = errors;
            IEnumerable<RawRow> share = source.Read().SkipWhile(row => row.Number < first).TakeWhile(row => row.Number < end);
            ResultFile file = run.Write(results, share, end - first);
            return source.Stamp == stamp
                ? new PartCounts(file.Records, run.Skipped, file.HeaderLength, layout.VectorLength)
                : throw new TextDataException("this was changed while it was read. Leave it alone until all parts are written.",
                    string.Join(", ", source.Paths));
        });
        folder.Conclude(isWritten, end - first - run.Skipped, total);
    }
}
