using RnnLm.DataSets;
using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>
/// Writes data sets: rows of one or more columns, each written by a model, which obey rules: valid, new, unique. Rows come as they are
/// asked for, in constant memory
/// but for what <see cref="GenerateOptions.Unique"/> has to remember.
/// </summary>
/// <remarks>
/// A field is written anew until it obeys the rules of its column. The tries are those of <see cref="RnnLanguageModel.GenerateValid"/>, and
/// a row depends on the seed
/// and its number alone, whatever is written beside it; where it must be unique, on the rows before it too, as if they were written one
/// after the other.
/// </remarks>
/// <example>
/// <code>
/// var column = new GenerateColumn(model) { New = true, Sampling = new() { Pattern = "[A-Z][a-z]{2,11}" } };
/// var generator = new RowGenerator(new GenerateOptions { Rows = 100_000, Unique = true, Seed = 1 }, column);
/// File.WriteAllLines("names.txt", generator.Rows().Where(row => !row.IsMissing).Select(row => row.Text));
/// </code>
/// </example>
public sealed class RowGenerator
{
    private readonly GenerateOptions _options;
    private readonly ColumnPlan[] _columns;

    /// <summary>Checks what is to be written.</summary>
    /// <param name="options">How many rows, and what holds for all of them; copied.</param>
    /// <param name="columns">The columns, in their order.</param>
    /// <exception cref="OptionsException">
    /// Options are wrong; the message names each. Among others: no text matches a pattern, or fewer than the unique rows asked for.
    /// </exception>
    public RowGenerator(GenerateOptions options, params IReadOnlyList<GenerateColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count, nameof(columns));
        _options = options.Clone();
        Seed = options.Seed ?? Random.Shared.NextInt64();
        var faults = new OptionFaults();
        _options.Check(faults);
        var plans = new List<ColumnPlan>();
        foreach (GenerateColumn column in columns)
            plans.Add(new ColumnPlan(column, plans, faults));
        faults.ThrowIfAny(nameof(columns));
        _columns = [.. plans];
        Names = [.. plans.SelectMany(plan => plan.Names)];
        foreach (ColumnPlan plan in plans)
        {
            plan.Column.Model.Generator(plan.Sampling, 1, new TextRules(plan.Column, false, false, [], 1));
            long rows = _options.Rows - (_options.Earlier is null ? _options.FirstRow : 0);
            plan.CheckPattern(rows, plan.Column.Unique || (_options.Unique && plans.Count == 1));
        }
    }

    /// <summary>Gets the seed: the one asked for, or another one for each generator.</summary>
    public long Seed { get; }

    /// <summary>
    /// Gets the names of the fields of a row: for each column its condition, if the model has them, its input, if it was trained on pairs,
    /// and its text. A condition or
    /// an input that is the text of another column does not stand here twice.
    /// </summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Writes the rows. They are the same each time.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows, in their order; also those that are missing, for which no text could be kept.</returns>
    /// <exception cref="GenerationExhaustedException">The models have no more to say. All rows before were returned.</exception>
    /// <exception cref="InvalidOperationException">A validator failed; the message has the text and the number of its row.</exception>
    /// <exception cref="OptionsException">A pattern that includes the prompt can't be matched after the prompt of a row.</exception>
    public IEnumerable<GeneratedRow> Rows(CancellationToken cancellationToken = default)
    {
        ColumnWriter[] writers = [.. _columns.Select((plan, place) => new ColumnWriter(plan, Rules(plan, place), Seed, place))];
        var watch = new RepeatWatch(writers.Length, _options.MaxRepeatShare);
        long next = ReadEarlier(writers, watch);
        Stop(watch, next);
        IEnumerable<RowDraft> rows = Numbers(next, _options.Rows).Select(number => new RowDraft(number));
        foreach (ColumnWriter writer in writers)
            rows = writer.Write(rows, cancellationToken);
        foreach (RowDraft draft in rows)
        {
            GeneratedRow row = draft.ToRow();
            yield return row;
            watch.Add(row);
            Stop(watch, row.Number + 1);
        }
    }

    private static IEnumerable<long> Numbers(long first, long end)
    {
        for (long number = first; number < end; number++)
            yield return number;
    }

    private TextRules Rules(ColumnPlan plan, int place) => new(
        plan.Column,
        plan.Sampling.IncludePrompt,
        _options.Unique && place == _columns.Length - 1,
        [.. _columns.Where(other => other.ConditionFrom == plan.TextIndex).Select(other => other.Column.Model)],
        _options.MaxTries);

    /// <summary>Reads what was written before, and returns the number of the row that comes next.</summary>
    private long ReadEarlier(ColumnWriter[] writers, RepeatWatch watch)
    {
        long next = _options.FirstRow;
        foreach (GeneratedRow row in _options.Earlier ?? [])
        {
            var draft = new RowDraft(row.Number);
            foreach (ColumnWriter writer in writers.TakeWhile(_ => !draft.IsMissing))
                writer.AddEarlier(draft, row.Values);
            watch.Add(row);
            next = Math.Max(next, row.Number + 1);
        }

        return next;
    }

    private void Stop(RepeatWatch watch, long next)
    {
        if (next < _options.Rows && watch.FindEnd() is { } message)
            throw new GenerationExhaustedException(message);
    }
}
