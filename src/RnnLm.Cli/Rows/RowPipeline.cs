using System.Runtime.ExceptionServices;
using RnnLm.Cli.Terminal;
using RnnLm.Numerics;

namespace RnnLm.Cli.Rows;

/// <summary>
/// Reads rows, has them answered by several threads, and hands the results on in the order of the rows. What is held at a time is bounded,
/// however many rows there are.
/// </summary>
/// <param name="task">What answers them.</param>
/// <param name="parser">What understands them.</param>
/// <param name="newBlock">Makes what results are written to.</param>
/// <param name="context">The words of messages.</param>
internal sealed class RowPipeline(RowTask task, RowParser parser, Func<RowBlock> newBlock, CommandContext context)
{
    // The first results come soon, and the later ones in blocks that are worth a thread.
    private const int FirstRows = 64, MostCharacters = 1 << 20;

    private ExceptionDispatchInfo? _end;

    /// <summary>Gets the number of threads that answer.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gets whether rows with a fault are left out, rather than the end.</summary>
    public bool Skips { get; init; }

    /// <summary>Gets whether each row is answered before the next is read, as where they are typed.</summary>
    public bool OneByOne { get; init; }

    /// <summary>Answers rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="write">Takes the results, in order.</param>
    /// <exception cref="TextDataException">A row has a fault, and is not to be left out. The results of the rows before it were
    /// written.</exception>
    public void Run(IEnumerable<RawRow> rows, Action<RowBlock> write)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        TaskScheduler scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Threads).ConcurrentScheduler;
        var running = new Queue<Task<RowBlock>>();
        bool isHeld = false;
        try
        {
            foreach (RawRow[] batch in Batches(rows))
            {
                // One batch alone is shared out among the threads of the engine; several have a thread each.
                isHeld = isHeld || (Threads > 1 && running.Count > 0 && WorkerPool.Shared.TryHold());
                running.Enqueue(Task.Factory.StartNew(() => Answer(batch, ended.Token), ended.Token, TaskCreationOptions.None, scheduler));
                while (running.Count > (OneByOne ? 0 : 2 * Threads))
                    Write(running.Dequeue());
            }

            while (running.Count > 0)
                Write(running.Dequeue());
            _end?.Throw();
        }
        finally
        {
            // Nobody uses the model any more when this ends.
            ended.Cancel();
            ((IAsyncResult)Task.WhenAll(running)).AsyncWaitHandle.WaitOne();
            if (isHeld)
                WorkerPool.Shared.Release();
        }

        void Write(Task<RowBlock> answered)
        {
            RowBlock block = answered.GetAwaiter().GetResult();
            write(block);
            if (block.Fault is { } fault)
                ExceptionDispatchInfo.Throw(fault);
        }
    }

    private IEnumerable<RawRow[]> Batches(IEnumerable<RawRow> rows)
    {
        using IEnumerator<RawRow> source = rows.GetEnumerator();
        var batch = new List<RawRow>();
        int characters = 0, most = OneByOne ? 1 : FirstRows;
        while (TryNext(source))
        {
            context.Stop.ThrowIfCancellationRequested();
            batch.Add(source.Current);
            characters += source.Current.Length;
            if (batch.Count < most && characters < MostCharacters)
                continue;
            yield return [.. batch];
            batch.Clear();
            (characters, most) = (0, OneByOne ? 1 : Math.Min(2 * most, task.MostRows));
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }

    /// <summary>Reads on. What ends the input is said when the rows before it are answered.</summary>
    private bool TryNext(IEnumerator<RawRow> source)
    {
        try
        {
            return source.MoveNext();
        }
        catch (Exception e) when (e is FormatException or UsageException or IOException)
        {
            _end = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }

    private RowBlock Answer(RawRow[] batch, CancellationToken stop)
    {
        var rows = new List<(RawRow Raw, InputRow Row)>(batch.Length);
        RowBlock block = NewBlock(batch.Length);
        foreach (RawRow raw in batch)
        {
            try
            {
                rows.Add((raw, parser.Parse(raw)));
            }
            catch (Exception e) when (IsOfARow(e))
            {
                if (!Note(block, raw, e))
                    break;
            }
        }

        RowBlock whole = NewBlock(batch.Length);
        try
        {
            task.Run([.. rows.Select(row => row.Row)], whole, stop);
            whole.Take(block);
            return InOrder(whole);
        }
        catch (Exception e) when (IsOfARow(e))
        {
            return AnswerEach(rows, block, stop);
        }
    }

    /// <summary>Answers rows one by one, to tell which of them has the fault that all of them together had.</summary>
    private RowBlock AnswerEach(List<(RawRow Raw, InputRow Row)> rows, RowBlock block, CancellationToken stop)
    {
        foreach ((RawRow raw, InputRow row) in rows)
        {
            RowBlock one = NewBlock(0);
            try
            {
                task.Run([row], one, stop);
                block.Add(one);
            }
            catch (Exception e) when (IsOfARow(e))
            {
                if (!Note(block, raw, Placed(row, e)))
                    break;
            }
        }

        return InOrder(block);
    }

    /// <summary>Puts what was left out in the order of the rows, since rows that can't be read are found before those that can't be
    /// answered.</summary>
    private static RowBlock InOrder(RowBlock block)
    {
        block.Errors.Sort((one, other) => one.Row.Number.CompareTo(other.Row.Number));
        return block;
    }

    /// <summary>Returns a fault with the place of its row, and names what the row has set itself by the names of its columns.</summary>
    private Exception Placed(InputRow row, Exception fault) => fault switch
    {
        TextDataException { SourceName: not null } => fault,
        // It counts rows by itself.
        TextDataException data => row.Fault(data),
        // An option is wrong, and no row.
        OptionsException or UsageException when row.IsTyped => fault,
        _ => row.Fault(context.Describe(fault, new RowWords(context.Words, task.OwnOptions.Where(own => row.Has(own.Value)))), fault),
    };

    private RowBlock NewBlock(int rows)
    {
        RowBlock block = newBlock();
        block.Rows = rows;
        return block;
    }

    /// <summary>Takes note of a fault.</summary>
    /// <returns>Whether to go on.</returns>
    private bool Note(RowBlock block, RawRow raw, Exception fault)
    {
        if (Skips)
            block.Errors.Add(new(raw, fault));
        else
            block.Fault = fault;
        return Skips;
    }

    private static bool IsOfARow(Exception e) => e is ArgumentException or FormatException or UsageException;
}
