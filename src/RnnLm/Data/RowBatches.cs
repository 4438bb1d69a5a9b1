using RnnLm.Diagnostics;

namespace RnnLm.Data;

/// <summary>
/// Rows as packed minibatches: each row framed by the start and the end token, rows of near lengths together and the longest first, padding
/// counted nowhere. Of a pair, the target is framed, so that the start token divides it from the input, and only the target is predicted.
/// </summary>
internal sealed class RowBatches : BatchSource
{
    private readonly Corpus _corpus;
    private readonly RowOrder _order;
    private readonly int _startId, _endId;

    public RowBatches(Corpus corpus, int[] rows, DataOptions options, ulong seed, bool shuffle, bool poisson = false)
    {
        _corpus = corpus;
        if (corpus.Vocabulary is not { StartId: int startId, EndId: int endId })
            throw new TextDataException($"the vocabulary has no start and end tokens, which rows are framed by: the model was trained on a "
                + $"running text. "
                + $"Train it further with {OptionIds.Mode.Set(DataMode.Stream)}, or train a new one.");
        (_startId, _endId) = (startId, endId);
        _order = poisson ? new PoissonOrder(rows, SequenceLength, options.BatchSize, seed)
            : new PackedOrder(rows.Length, _ => rows, SequenceLength, options.BatchSize, seed, shuffle);
        TargetsPerEpoch = rows.Sum(row => (long)SequenceLength(row) - InputLength(row));
    }

    public override long BatchesPerEpoch => _order.BatchesPerEpoch;

    public override long TargetsPerEpoch { get; }

    public override long MostPositions => _order.MostPositions;

    public override PoissonSampling? Sampling => _order.Sampling;

    public override Minibatch Get(long step)
    {
        int[] rows = _order.Batch(step);
        int length = rows.Length > 0 ? SequenceLength(rows[0]) : 0, count = rows.Length;
        int[] inputs = new int[length * count], targets = new int[length * count];   // [T, B]
        Array.Fill(targets, Minibatch.Ignore);
        int[] sequence = new int[length + 1];
        for (int b = 0; b < count; b++)
        {
            int firstTarget = ReadSequence(rows[b], sequence);
            for (int t = 0; t < SequenceLength(rows[b]); t++)
            {
                inputs[(t * count) + b] = sequence[t];
                if (t >= firstTarget)
                    targets[(t * count) + b] = sequence[t + 1];
            }
        }

        return new Minibatch
        {
            Length = length,
            BatchSize = count,
            Inputs = inputs,
            Targets = targets,
            Lengths = Array.ConvertAll(rows, SequenceLength),
            Conditions = _corpus.Conditions.Count > 0 ? Array.ConvertAll(rows, row => _corpus.Conditions[row]) : null,
        };
    }

    /// <summary>The number of positions of a row: its characters and the start token.</summary>
    private int SequenceLength(int row) => _corpus.RowLength(row) + 1;

    private int InputLength(int row) => _corpus.InputLengths.Count > 0 ? _corpus.InputLengths[row] : 0;

    /// <summary>Reads input, start token, target and end token, and returns the position from which on targets count.</summary>
    private int ReadSequence(int row, Span<int> sequence)
    {
        int input = InputLength(row), total = _corpus.RowLength(row);
        long start = _corpus.RowStarts[row];
        _corpus.Tokens.Read(start, sequence[..input]);
        sequence[input] = _startId;
        _corpus.Tokens.Read(start + input, sequence.Slice(input + 1, total - input));
        sequence[total + 1] = _endId;
        return input;
    }
}
