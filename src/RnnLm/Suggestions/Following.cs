namespace RnnLm.Suggestions;

/// <summary>What may follow a text, the best first, taken one after the other.</summary>
internal sealed class Following
{
    private readonly int[] _tokens;
    private readonly double[] _scores;
    private readonly double[] _weights = [];
    private int _next;

    /// <param name="from">The text.</param>
    /// <param name="tokens">What may follow.</param>
    /// <param name="scores">The score of each.</param>
    /// <param name="weighed">Whether <see cref="Weight"/> will be asked for.</param>
    public Following(Branch from, List<int> tokens, List<double> scores, bool weighed)
    {
        (From, _tokens, _scores) = (from, [.. tokens], [.. scores]);
        if (_tokens.Length > 1)
        {
            Array.Sort(_scores, _tokens);
            Array.Reverse(_scores);
            Array.Reverse(_tokens);
        }

        if (!weighed)
            return;
        _weights = [.. _scores];
        for (int i = _weights.Length - 2; i >= 0; i--)
            _weights[i] = LogSum.Of(_weights[i], _weights[i + 1]);
    }

    private Following(Following other) =>
        (From, _tokens, _scores, _weights, _next) = (other.From, other._tokens, other._scores, other._weights, other._next);

    public Branch From { get; }

    /// <summary>Gets whether all were taken.</summary>
    public bool IsEmpty => _next == _tokens.Length;

    /// <summary>Gets the score of the next.</summary>
    public double Score => _scores[_next];

    /// <summary>Gets the logarithm of the sum of the exponentials of the scores of all that were not taken.</summary>
    public double Weight => _weights[_next];

    public int Take() => _tokens[_next++];

    /// <summary>Returns the rest, to be taken apart from this one.</summary>
    public Following Copy() => new(this);
}
