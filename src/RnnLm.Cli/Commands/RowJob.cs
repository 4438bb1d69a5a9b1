using System.Runtime.ExceptionServices;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Answers the rows of a call, and writes the results where they were asked for.</summary>
/// <param name="call">What was asked for.</param>
/// <param name="task">What answers the rows.</param>
/// <param name="source">The rows.</param>
/// <param name="names">What the parts of a row are called.</param>
internal sealed class RowJob(RowCall call, RowTask task, RowSource source, RowNames names)
{
    private readonly RowParser _parser = new(call.Options, names, task.Conditions, call.Condition, call.Context);

    /// <summary>Gets the number of threads that answer.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets whether each row is answered before the next is read.</summary>
    public required bool OneByOne { get; init; }

    private bool Skips => call.Options.OnError == OnError.Skip;

    /// <summary>Writes the results of all rows.</summary>
    /// <param name="output">The file for them; null for the standard output.</param>
    /// <param name="errors">The file for the rows that are left out, or null.</param>
    public void Write(OutputFile? output, OutputFile? errors)
    {
        (RowRun run, ResultLayout layout, IEnumerable<RawRow> rows) = Begin(output?.Path, isPart: false);
        if (errors is null)
            WriteResults();
        else
        {
            ExceptionDispatchInfo? end = null;
            errors.Write(stream =>
            {
                run.Errors = stream;
                try
                {
                    WriteResults();
                }
                catch (Exception e) when (output is null)
                {
                    // The results before it are on the standard output, so what was left out of them is kept too.
                    end = ExceptionDispatchInfo.Capture(e);
                }
            });
            end?.Throw();
        }

        if (task.Conclusion is { } conclusion && layout.Format == OutputFormat.Text)
            call.Context.Conclude(conclusion);

        void WriteResults()
        {
            if (output is null)
                run.Write(call.Context.Output, rows);
            else
                output.Write(stream => run.Write(stream, rows));
        }
    }

    /// <summary>Writes the results of a share as a part, unless it is there.</summary>
    /// <param name="shard">The share.</param>
    /// <param name="folder">The folder of the parts.</param>
    /// <param name="overwrites">Whether a part that is there is made again.</param>
    /// <param name="settings">Returns all that the results depend on.</param>
    /// <exception cref="UsageException">The results are drawn without a seed.</exception>
    public void WritePart(Shard shard, string folder, bool overwrites, Func<IReadOnlyDictionary<string, string>> settings)
    {
        (RowRun run, ResultLayout layout, IEnumerable<RawRow> rows) = Begin(folder, isPart: true);
        if (task.IsRandom)
            throw new UsageException($"{Shard.Option} needs --seed: without one, each share would draw in its own way.");
        var part = new RowPart(source, layout, run, call.Context) { Overwrites = overwrites, Skips = Skips };
        part.Write(shard, folder, call.Inputs, settings(), rows);
    }

    private (RowRun Run, ResultLayout Layout, IEnumerable<RawRow> Rows) Begin(string? path, bool isPart)
    {
        IEnumerable<RawRow> rows = source.Read();
        ResultLayout layout = ResultLayouts.Choose(task, call.Options, source, _parser, path, isPart, ref rows);
        var pipeline = new RowPipeline(task, _parser, layout.NewBlock, call.Context)
        {
            Threads = Threads,
            Skips = Skips,
            OneByOne = OneByOne,
        };
        return (new RowRun(source, pipeline, layout, call.Context), layout, rows);
    }
}
