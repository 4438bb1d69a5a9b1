using System.Runtime.InteropServices;
using RnnLm.Numerics;

namespace RnnLm.Drawing;

/// <summary>What has been read and written, as far as the penalties look at it.</summary>
internal sealed class TokenHistory
{
    private readonly int _ngram;
    private readonly bool[]? _hasOccurred;
    private readonly List<int>? _ids;

    /// <param name="options">The penalties.</param>
    /// <param name="vocabularySize">V.</param>
    public TokenHistory(SamplingOptions options, int vocabularySize)
    {
        _ngram = options.NoRepeatNgram;
        _hasOccurred = options.RepetitionPenalty != 1 ? new bool[vocabularySize] : null;
        _ids = _ngram > 0 ? [] : null;
    }

    private TokenHistory(TokenHistory source)
    {
        _ngram = source._ngram;
        _hasOccurred = (bool[]?)source._hasOccurred?.Clone();
        _ids = source._ids is null ? null : [.. source._ids];
        Hash = source.Hash;
    }

    /// <summary>Gets a hash of all ids in their order.</summary>
    public ulong Hash { get; private set; }

    public void Add(int id)
    {
        Hash = CounterRandom.Mix(Hash + 0x9E3779B97F4A7C15 + (ulong)id);
        if (_hasOccurred is not null)
            _hasOccurred[id] = true;
        _ids?.Add(id);
    }

    public TokenHistory Clone() => new(this);

    /// <summary>Makes less likely what has occurred; what is finite stays so.</summary>
    public void Penalize(Span<float> scores, float penalty)
    {
        for (int id = 0; id < scores.Length; id++)
        {
            if (_hasOccurred![id])
                scores[id] = Math.Clamp(scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty, float.MinValue, float.MaxValue);
        }
    }

    /// <summary>Bans each token that would make a run of n tokens occur again.</summary>
    public void BanRepeats(Span<float> scores)
    {
        ReadOnlySpan<int> ids = CollectionsMarshal.AsSpan(_ids!);
        if (ids.Length < _ngram)
            return;
        ReadOnlySpan<int> begun = ids[(ids.Length - _ngram + 1)..];
        ReadOnlySpan<int> searched = ids;
        while (searched.Length >= _ngram)
        {
            // The token after each earlier occurrence of the n - 1 tokens that stand last.
            int found = searched[..^1].IndexOf(begun);
            if (found < 0)
                return;
            scores[searched[found + begun.Length]] = float.NegativeInfinity;
            searched = searched[(found + 1)..];
        }
    }
}
