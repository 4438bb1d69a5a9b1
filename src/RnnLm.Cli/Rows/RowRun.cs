using System.Text;
using RnnLm.Cli.Progress;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Rows;

/// <summary>Answers the rows of a source, writes the results, and shows how it goes on.</summary>
/// <param name="source">The rows.</param>
/// <param name="pipeline">What answers them.</param>
/// <param name="layout">How results are written.</param>
/// <param name="context">Where warnings go.</param>
internal sealed class RowRun(RowSource source, RowPipeline pipeline, ResultLayout layout, CommandContext context)
{
    // More warnings of single rows than these say nothing new.
    private const int MostRemarks = 5;

    private readonly CountDisplay _display = new(context);
    private long _rows;
    private int _remarks;

    /// <summary>Gets the number of rows that were left out.</summary>
    public long Skipped { get; private set; }

    /// <summary>Gets or sets where the rows that are left out are written, or null.</summary>
    public Stream? Errors { get; set; }

    /// <summary>Writes results to a file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">Their number, or null where it is not known.</param>
    /// <returns>The file, as it was written.</returns>
    public ResultFile Write(Stream output, IEnumerable<RawRow> rows, long? count = null)
    {
        var file = new ResultFile(output, layout);
        file.Begin();
        _display.Run(() => Run(rows, file.Add, count));
        file.Finish();
        Conclude();
        return file;
    }

    /// <summary>Writes results as text.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">The rows.</param>
    public void Write(TextWriter output, IEnumerable<RawRow> rows)
    {
        output.Write(Encoding.UTF8.GetString(layout.Header(0)));
        if (context.IsOutputTerminal)
            Run(rows, Write, null, isShown: false);
        else
            _display.Run(() => Run(rows, Write, null));
        Conclude();

        void Write(RowBlock block) => output.Write(Encoding.UTF8.GetString(block.Bytes));
    }

    private void Run(IEnumerable<RawRow> rows, Action<RowBlock> write, long? count, bool isShown = true) => pipeline.Run(rows, block =>
    {
        write(block);
        _rows += block.Rows;
        foreach (string remark in block.Remarks)
        {
            if (_remarks++ < MostRemarks)
                context.Warn(remark);
        }

        block.Errors.ForEach(Skip);
        if (isShown)
            _display.Show(() => Parts(count));
    });

    private void Skip(RowError error)
    {
        string fault = context.Describe(error.Fault);
        if (Errors is null && Skipped < MostRemarks)
            context.Warn(fault);
        Skipped++;
        if (Errors is null)
            return;
        using var line = new StringWriter { NewLine = "\n" };
        JsonLine.Write(line, json =>
        {
            json.WriteNumber("row", error.Row.Number);
            json.WriteString("error", fault);
            json.WriteString("content", CommandContext.Cut(error.Row.Content, 1000));
        });
        Errors.Write(Encoding.UTF8.GetBytes(line.ToString()));
    }

    private void Conclude()
    {
        if (_remarks > MostRemarks)
            context.Warn($"and {Counted.Of(_remarks - MostRemarks, "more such warning")}.");
        if (Skipped > 0)
            context.Warn($"{Counted.Of(Skipped, "row")} of {_rows:N0} {(Skipped == 1 ? "was" : "were")} left out.");
    }

    private IEnumerable<string> Parts(long? count)
    {
        double seconds = Math.Max(1e-3, _display.Seconds);
        double? share = count is { } all ? _rows / (double)Math.Max(1, all) : source.ShareRead;
        yield return count is { } known ? FormattableString.Invariant($"{_rows:N0}/{known:N0} rows")
            : FormattableString.Invariant($"{_rows:N0} rows");
        yield return $"{ProgressText.Rate(_rows / seconds)} rows/s";
        if (share is > 0 and <= 1 and var done)
            yield return $"{ProgressText.Time(TimeSpan.FromSeconds(Math.Min(1e7, seconds * (1 - done) / done)))} left";
        if (Skipped > 0)
            yield return FormattableString.Invariant($"{Skipped:N0} left out");
    }
}
