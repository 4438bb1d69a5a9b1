namespace RnnLm;

/// <summary>
/// Rows as packed minibatches: each row framed by the start and the end token, rows of near lengths together and the longest first, padding
/// counted nowhere. Of a pair, the target is framed, so that the start token divides it from the input, and only the target is predicted.
/// </summary>
internal sealed class RowBatches : BatchSource
{
    /// <summary>Rows are sorted by length within pools of this many batches: near lengths together, and still another mixture in each epoch.</summary>
    private const int PoolBatches = 32;

    private readonly Corpus _corpus;
    private readonly int[] _rows, _order, _batchOrder;
    private readonly int _batchSize, _startId, _endId;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private long _orderedEpoch = -1;

    public RowBatches(Corpus corpus, int[] rows, DataOptions options, ulong seed, bool shuffle)
    {
        _corpus = corpus;
        _rows = rows;
        _seed = seed;
        _shuffle = shuffle;
        _batchSize = Math.Min(options.BatchSize, Math.Max(1, rows.Length));
        if (corpus.Vocabulary is not { StartId: int startId, EndId: int endId })
            throw new ArgumentException("The vocabulary has no start and end tokens, which rows are framed by: the model was trained on a running text. Train it further in mode Stream, or train a new one.");
        if (rows.Length == 0)
            throw new ArgumentException("There are no rows to train on.");
        (_startId, _endId) = (startId, endId);
        _order = (int[])rows.Clone();
        _batchOrder = [.. Enumerable.Range(0, (int)BatchesPerEpoch)];
        TargetsPerEpoch = rows.Sum(row => (long)TargetCount(row));
    }

    public override long BatchesPerEpoch => (_rows.Length + _batchSize - 1) / _batchSize;

    public override long TargetsPerEpoch { get; }

    public override Minibatch Get(long step)
    {
        (long epoch, long index) = Math.DivRem(step, BatchesPerEpoch);
        Order(epoch);
        int first = _batchOrder[index] * _batchSize, count = Math.Min(_batchSize, _order.Length - first);
        int[] rows = _order[first..(first + count)];
        Array.Sort(rows, (a, b) => SequenceLength(b) != SequenceLength(a) ? SequenceLength(b).CompareTo(SequenceLength(a)) : a.CompareTo(b));
        int length = SequenceLength(rows[0]);
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

    private int TargetCount(int row) => SequenceLength(row) - InputLength(row);

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

    private void Order(long epoch)
    {
        if (epoch == _orderedEpoch || (!_shuffle && _orderedEpoch >= 0))
            return;
        _rows.CopyTo(_order, 0);
        if (_shuffle)
            Shuffling.Shuffle(_order, _seed, epoch * 2);
        int pool = PoolBatches * _batchSize;
        for (int first = 0; first < _order.Length; first += pool)
        {
            Span<int> rows = _order.AsSpan(first, Math.Min(pool, _order.Length - first));
            rows.Sort((a, b) => SequenceLength(a) != SequenceLength(b) ? SequenceLength(a).CompareTo(SequenceLength(b)) : 0);
        }

        for (int i = 0; i < _batchOrder.Length; i++)
            _batchOrder[i] = i;
        if (_shuffle)
            Shuffling.Shuffle(_batchOrder, _seed, (epoch * 2) + 1);
        _orderedEpoch = epoch;
    }
}
