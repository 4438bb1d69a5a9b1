using RnnLm.Diagnostics;
using RnnLm.Numerics;

namespace RnnLm.Data;

/// <summary>Windows of T that begin at every so many characters of a running text, each once an epoch, in random order, each from a fresh
/// state.</summary>
internal sealed class RandomWindows : BatchSource
{
    private readonly TokenBuffer _tokens;
    private readonly long _start;
    private readonly int _stride, _length, _batchSize;
    private readonly ulong _seed;
    private readonly bool _shuffle;
    private readonly int[] _order;
    private long _orderedEpoch = -1;

    public RandomWindows(TokenBuffer tokens, long start, long count, LanguageModelDataOptions options, ulong seed, bool shuffle)
    {
        if (count < 2)
            throw new TextDataException($"the text has {Counted.Of(count, "character")}; at least 2 are needed to learn what follows "
                + $"what.");
        _tokens = tokens;
        _start = start;
        _seed = seed;
        _shuffle = shuffle;
        _batchSize = options.BatchSize;
        _length = (int)Math.Min(options.SequenceLength, count - 1);
        _stride = options.WindowStride > 0 ? options.WindowStride : _length;
        long windows = ((count - 1 - _length) / _stride) + 1;
        if (windows > Array.MaxLength)
            throw new TextDataException($"a text of {count:N0} characters has {windows:N0} windows at a stride of {_stride}, which is too "
                + $"many to shuffle. "
                + $"Raise {OptionIds.WindowStride}, or read the windows in turn: {OptionIds.WindowOrder.Set(WindowOrder.Sequential)}.");
        _order = [.. Enumerable.Range(0, (int)windows)];
    }

    public override long BatchesPerEpoch => (_order.Length + _batchSize - 1) / _batchSize;

    public override long TargetsPerEpoch => (long)_order.Length * _length;

    public override long MostPositions => (long)_length * Math.Min(_batchSize, _order.Length);

    public override Minibatch Get(long step)
    {
        (long epoch, long index) = Math.DivRem(step, BatchesPerEpoch);
        Order(epoch);
        ReadOnlySpan<int> windows = _order.AsSpan((int)(index * _batchSize));
        windows = windows[..Math.Min(_batchSize, windows.Length)];
        int lanes = windows.Length;
        int[] inputs = new int[_length * lanes], targets = new int[_length * lanes];   // [T, B]
        int[] window = new int[_length + 1];
        for (int lane = 0; lane < lanes; lane++)
        {
            _tokens.Read(_start + ((long)windows[lane] * _stride), window);
            for (int t = 0; t < _length; t++)
            {
                inputs[(t * lanes) + lane] = window[t];
                targets[(t * lanes) + lane] = window[t + 1];
            }
        }

        return new Minibatch { Length = _length, BatchSize = lanes, Inputs = inputs, Targets = targets };
    }

    private void Order(long epoch)
    {
        if (!_shuffle || epoch == _orderedEpoch)
            return;
        for (int i = 0; i < _order.Length; i++)
            _order[i] = i;
        Shuffling.Shuffle(_order, _seed, epoch);
        _orderedEpoch = epoch;
    }
}
