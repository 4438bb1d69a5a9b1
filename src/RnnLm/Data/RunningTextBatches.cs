using RnnLm.Diagnostics;

namespace RnnLm.Data;

/// <summary>
/// A running text to be evaluated as a trained model scores one, so that the figures of training are those of the model in use: pieces side
/// by side, each after the text before it, which is read and not counted. Each piece is read from its start to its end, in windows that are
/// about as large as a minibatch of training.
/// </summary>
internal sealed class RunningTextBatches : BatchSource
{
    /// <summary>The characters of a piece, and those before it that are read without being counted, so that the state is as good as carried
    /// on.</summary>
    public const int PieceLength = 8192, ContextLength = 1024;

    private const int MaximumLanes = 64;

    private readonly TokenBuffer _tokens;
    private readonly long _start, _targets;
    private readonly int _lanes, _window;
    private readonly long _groups, _windowsPerGroup;

    public RunningTextBatches(TokenBuffer tokens, long start, long count, LanguageModelDataOptions options)
    {
        (_tokens, _start, _targets) = (tokens, start, count - 1);
        if (_targets < 1)
            throw new TextDataException($"the text has {Counted.Of(count, "character")}; at least 2 are needed to tell what follows what.");
        long pieces = PiecesOf(_targets);
        _lanes = (int)Math.Min(pieces, MaximumLanes);
        long longest = Math.Min(_targets, PieceLength + ContextLength);
        _window = (int)Math.Min(longest, Math.Max(options.SequenceLength, (long)options.SequenceLength * options.BatchSize / _lanes));
        (_groups, _windowsPerGroup) = ((pieces + _lanes - 1) / _lanes, (longest + _window - 1) / _window);
        BatchesPerEpoch = _groups * _windowsPerGroup;
    }

    public override long BatchesPerEpoch { get; }

    public override long TargetsPerEpoch => _targets;

    public override long MostPositions => (long)_window * _lanes;

    public override Minibatch Get(long step)
    {
        (long group, long index) = Math.DivRem(step % BatchesPerEpoch, _windowsPerGroup);
        long first = group * _lanes;
        int lanes = (int)Math.Min(_lanes, PiecesOf(_targets) - first);
        int[] inputs = new int[_window * lanes], targets = new int[_window * lanes];   // [T, B]
        Array.Fill(targets, Minibatch.Ignore);
        int[] read = new int[_window + 1];
        for (int lane = 0; lane < lanes; lane++)
        {
            // Target i is the token after token i.
            long from = (first + lane) * PieceLength, to = Math.Min(from + PieceLength, _targets);
            long at = Math.Max(0, from - ContextLength) + (index * _window);
            int length = (int)Math.Clamp(to - at, 0, _window);
            if (length == 0)
                continue;
            _tokens.Read(_start + at, read.AsSpan(0, length + 1));
            for (int t = 0; t < length; t++)
            {
                inputs[(t * lanes) + lane] = read[t];
                if (at + t >= from)
                    targets[(t * lanes) + lane] = read[t + 1];
            }
        }

        return new Minibatch { Length = _window, BatchSize = lanes, Inputs = inputs, Targets = targets, CarryState = index > 0 };
    }

    private static long PiecesOf(long targets) => (targets + PieceLength - 1) / PieceLength;
}
