using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Numerics;

namespace RnnLm.DataSets;

/// <summary>Writes one column of the rows that pass through it, several at once, and hands them on in their order.</summary>
internal sealed class ColumnWriter
{
    private readonly ColumnPlan _plan;
    private readonly TextRules _rules;
    private readonly ulong _seed;

    /// <param name="plan">The column.</param>
    /// <param name="rules">What must hold for its texts.</param>
    /// <param name="seed">The seed of the rows.</param>
    /// <param name="place">The number of columns before it.</param>
    public ColumnWriter(ColumnPlan plan, TextRules rules, long seed, int place)
    {
        (_plan, _rules) = (plan, rules);
        // The first column has the texts that the seed gives elsewhere; two columns of one model must not be the same.
        _seed = place == 0 ? (ulong)seed : new CounterRandom((ulong)seed, (ulong)place, RandomPurpose.Columns).NextUInt64();
    }

    /// <summary>Writes the column.</summary>
    /// <param name="rows">The rows, as far as the column; read ahead.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public IEnumerable<RowDraft> Write(IEnumerable<RowDraft> rows, CancellationToken cancellationToken)
    {
        SamplingOptions options = _plan.Sampling.Clone();
        options.Seed = (long)_seed;
        var waiting = new Queue<RowDraft>();
        TextGenerator generator = _plan.Column.Model.Generator(options, LanePool.UsualLanes, _rules);
        foreach (GenerationResult result in generator.Generate(Requests(rows, waiting), cancellationToken))
        {
            while (waiting.Peek().IsMissing)
                yield return waiting.Dequeue();
            RowDraft row = waiting.Dequeue();
            row.Rejected += result.Rejected;
            if (result.Samples is [{ } text, ..])
                Add(row, text.Text);
            else
                row.IsMissing = true;
            yield return row;
        }

        while (waiting.TryDequeue(out RowDraft? missing))
            yield return missing;
    }

    /// <summary>Takes note of a row that was written before.</summary>
    /// <param name="row">The row, as far as the column.</param>
    /// <param name="values">The values of the whole row, or of as much of it as could be written.</param>
    public void AddEarlier(RowDraft row, IReadOnlyList<string> values)
    {
        if (values.Count <= _plan.TextIndex)
        {
            row.IsMissing = true;
            return;
        }

        row.Values.AddRange(values.Skip(row.Values.Count).Take(_plan.TextIndex - row.Values.Count));
        ulong before = HashBefore(row, row.Values);
        _rules.Add(values[_plan.TextIndex], before);
        row.Hash = before;
        Add(row, values[_plan.TextIndex]);
    }

    private IEnumerable<GenerationRequest> Requests(IEnumerable<RowDraft> rows, Queue<RowDraft> waiting)
    {
        foreach (RowDraft row in rows)
        {
            waiting.Enqueue(row);
            if (!row.IsMissing)
                yield return Request(row);
        }
    }

    private GenerationRequest Request(RowDraft row)
    {
        GenerateColumn column = _plan.Column;
        int condition = -1;
        if (_plan.Conditions is { } draw)
        {
            condition = draw.Draw(_seed, (ulong)row.Number);
            row.Values.Add(column.Model.Conditions[condition]);
        }
        else if (_plan.ConditionFrom is int from)
        {
            condition = column.Model.KnownConditions.Find(row.Values[from]);
            if (condition < 0)
            {
                throw new InvalidOperationException(
                    $"Row {row.Number}, column '{column.Name}': {column.Model.KnownConditions.Unknown(row.Values[from])}");
            }
        }

        string prompt = _plan.PromptFrom is int place ? row.Values[place]
            : column.Prompts is { } prompts ? prompts[(int)(row.Number % prompts.Count)] : "";
        if (_plan.HasInput)
            row.Values.Add(prompt);
        row.Hash = HashBefore(row, row.Values);
        return new GenerationRequest(prompt.AsMemory(), (ulong)row.Number, Condition: condition, Before: row.Hash);
    }

    /// <summary>Returns the hash of what stands before the text: an input is part of the row, a condition is not.</summary>
    private ulong HashBefore(RowDraft row, List<string> values) =>
        _plan.HasInput ? TextHashSet.Hash(values[_plan.TextIndex - 1], row.Hash) : row.Hash;

    private static void Add(RowDraft row, string text)
    {
        row.Values.Add(text);
        row.Hash = TextHashSet.Hash(text, row.Hash);
    }
}
