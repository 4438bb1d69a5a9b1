using RnnLm.Diagnostics;

namespace RnnLm.Data;

/// <summary>
/// A running text as B lanes of equal length, each read from its start to its end in windows of T, so that a batch goes on where the one
/// before ended. The last window of an epoch may be shorter; fewer than B characters at the end of the text are not read.
/// </summary>
internal sealed class SequentialWindows : BatchSource
{
    private readonly TokenBuffer _tokens;
    private readonly long _start, _laneTargets;
    private readonly int _lanes, _length;
    private readonly HiddenStateMode _hiddenState;

    public SequentialWindows(TokenBuffer tokens, long start, long count, LanguageModelDataOptions options)
    {
        long targets = count - 1;
        if (targets < 1)
            throw new TextDataException($"the text has {Counted.Of(count, "character")}; at least 2 are needed to learn what follows "
                + $"what.");
        _tokens = tokens;
        _start = start;
        _hiddenState = options.HiddenState;
        _lanes = (int)Math.Clamp(targets / options.SequenceLength, 1, options.BatchSize);
        _laneTargets = targets / _lanes;
        _length = (int)Math.Min(options.SequenceLength, _laneTargets);
        BatchesPerEpoch = (_laneTargets + _length - 1) / _length;
    }

    public override long BatchesPerEpoch { get; }

    public override long TargetsPerEpoch => _laneTargets * _lanes;

    public override long MostPositions => (long)_length * _lanes;

    public override Minibatch Get(long step)
    {
        long index = step % BatchesPerEpoch, offset = index * _length;
        int length = (int)Math.Min(_length, _laneTargets - offset);
        int[] inputs = new int[length * _lanes], targets = new int[length * _lanes];   // [T, B]
        Span<int> window = length < 1024 ? stackalloc int[length + 1] : new int[length + 1];
        for (int lane = 0; lane < _lanes; lane++)
        {
            _tokens.Read(_start + (lane * _laneTargets) + offset, window);
            for (int t = 0; t < length; t++)
            {
                inputs[(t * _lanes) + lane] = window[t];
                targets[(t * _lanes) + lane] = window[t + 1];
            }
        }

        return new Minibatch
        {
            Length = length,
            BatchSize = _lanes,
            Inputs = inputs,
            Targets = targets,
            CarryState = _hiddenState switch
            {
                HiddenStateMode.Carry => step > 0,
                HiddenStateMode.ZeroEachEpoch => index > 0,
                _ => false,
            },
        };
    }
}
