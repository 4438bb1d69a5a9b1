namespace RnnLm.Data;

/// <summary>
/// Exchanges ids for others, part by part, and forgets what was read: its memory is used again, so that the peak is little above the ids
/// themselves.
/// </summary>
internal sealed class TokenExchange
{
    private readonly TokenBuffer _from;
    private readonly int[] _ids;
    private readonly Stack<byte[]> _spare = new();
    private readonly int[] _part = new int[1 << 14];
    private long _position;

    /// <param name="from">The ids to exchange.</param>
    /// <param name="ids">What each is exchanged for; -1 where it is left out.</param>
    public TokenExchange(TokenBuffer from, int[] ids)
    {
        (_from, _ids) = (from, ids);
        Tokens = new TokenBuffer(_spare);
    }

    /// <summary>Gets what the ids were exchanged for.</summary>
    public TokenBuffer Tokens { get; }

    /// <summary>Exchanges the ids up to a place.</summary>
    /// <param name="end">The place after the last.</param>
    /// <returns>How many were left out.</returns>
    public long To(long end)
    {
        long before = Tokens.Count, start = _position;
        while (_position < end)
        {
            Span<int> part = _part.AsSpan(0, (int)Math.Min(_part.Length, end - _position));
            _from.Read(_position, part);
            foreach (int id in part)
            {
                if (_ids[id] >= 0)
                    Tokens.Append(_ids[id]);
            }

            _position += part.Length;
            _from.Forget(_position, _spare);
        }

        return end - start - (Tokens.Count - before);
    }
}
