using System.Runtime.ExceptionServices;
using System.Text;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.DataSets;

/// <summary>Writes the rows that were asked for, shows how it goes on, and says what came of it.</summary>
internal sealed class RowRun(GenerateOptions options, IReadOnlyList<GenerateColumn> columns, RowWriter writer, CommandContext context)
{
    private readonly RowDisplay _display = new(context, options.Rows, columns.Count, options.FirstRow);

    /// <summary>Writes the rows as they come.</summary>
    public void Write(TextWriter output)
    {
        var generator = new RowGenerator(options, columns);
        writer.Begin(output);
        ExceptionDispatchInfo? end = Write(generator, row =>
        {
            if (!row.IsMissing)
                writer.Write(output, row);
        });
        context.Conclude($"{_display.Summary()}; seed {generator.Seed}.");
        end?.Throw();
        RequireAll();
    }

    /// <summary>Writes the rows to a journal, after those that are in it, and then makes the file of them.</summary>
    public void Write(RowJournal journal, OutputFile output)
    {
        options.Seed = journal.Seed;
        options.Earlier = journal.Read().Select(row =>
        {
            _display.Add(row, isEarlier: true);
            return row;
        });
        ExceptionDispatchInfo? end;
        try
        {
            end = Write(new RowGenerator(options, columns), journal.Add);
        }
        catch (Exception e) when (e is not IOException)
        {
            journal.Flush();
            if (journal.Count == 0)
                journal.Delete();
            else
                context.Say($"{Counted.Of(journal.Count, "row")} kept in '{journal.Path}': go on with --resume.");
            throw;
        }

        if (_display.Missing == _display.Count)
        {
            journal.Delete();
            end?.Throw();
            RequireAll();
        }

        long rows = journal.Finish(output, writer, options.Rows);
        context.Say($"{Counted.Of(rows, "row")} in {output.Path}, seed {journal.Seed}; {_display.Summary()}.");
        end?.Throw();
        RequireAll();
    }

    /// <summary>Writes the rows of a share.</summary>
    /// <returns>The number of rows that are not missing, and of the bytes before the first.</returns>
    /// <exception cref="GenerationExhaustedException">The models have no more to say.</exception>
    public (long Rows, int HeaderLength) WritePart(Stream part)
    {
        using var text = new StreamWriter(part, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Begin(text);
        text.Flush();
        int header = (int)part.Position;
        // There may be more shares than rows.
        if (options.Rows > options.FirstRow)
        {
            Write(new RowGenerator(options, columns), row =>
            {
                if (!row.IsMissing)
                    writer.Write(text, row);
            })?.Throw();
            context.Say($"{_display.Summary()}; seed {options.Seed}.");
        }

        return (_display.Count - _display.Missing, header);
    }

    /// <exception cref="GenerationExhaustedException">There are fewer rows than were asked for.</exception>
    public void RequireAll()
    {
        if (_display.Missing > 0)
            throw new GenerationExhaustedException($"No text could be kept for {_display.Missing:N0} of "
                + $"{Counted.Of(_display.Count, "row")}. Ask for a wider pattern or a higher temperature, or raise --max-tries.");
    }

    /// <returns>Why there are fewer rows than were asked for, or null.</returns>
    private ExceptionDispatchInfo? Write(RowGenerator generator, Action<GeneratedRow> write)
    {
        ExceptionDispatchInfo? end = null;
        _display.Run(() =>
        {
            try
            {
                foreach (GeneratedRow row in generator.Rows(context.Stop))
                {
                    write(row);
                    _display.Add(row);
                }
            }
            catch (GenerationExhaustedException e)
            {
                end = ExceptionDispatchInfo.Capture(e);
            }
        });
        return end;
    }
}
