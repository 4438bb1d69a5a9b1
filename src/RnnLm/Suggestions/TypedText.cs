namespace RnnLm.Suggestions;

/// <summary>
/// What was typed, to be compared with texts as they grow: by insertions, deletions, replacements, and exchanges of neighbours (optimal
/// string alignment, Damerau 1964).
/// </summary>
/// <param name="tokens">The tokens of its characters; -1 for one that the model does not know, which equals none.</param>
/// <param name="maxEdits">The most edits that count.</param>
internal sealed class TypedText(int[] tokens, int maxEdits)
{
    private readonly int[] _tokens = tokens;

    /// <summary>A token that was not typed.</summary>
    public const int Other = -2;

    /// <summary>Gets the cost of what differs by more edits than count.</summary>
    public int TooMany => maxEdits + 1;

    public int Length => _tokens.Length;

    /// <summary>Gets the row of an empty text.</summary>
    public EditRow Start
    {
        get
        {
            var row = new EditRow(0);
            for (int place = 0; place < Places; place++)
                row = row.With(place, IsTyped(place, 0, out int typed) ? Math.Min(typed, TooMany) : TooMany);
            return row;
        }
    }

    // The beginnings of the typed text that a text of some length is compared with have from so many characters less to so many more.
    private int Places => (2 * maxEdits) + 1;

    /// <summary>
    /// Gets up to which length the rows of texts, and that they differ from the whole by more edits than count, stay as they are when more
    /// is typed.
    /// </summary>
    public int Final => Length - maxEdits - 1;

    /// <summary>Returns how many tokens the beginnings of this and another typed text have in common.</summary>
    public int Common(TypedText other) => _tokens.AsSpan().CommonPrefixLength(other._tokens);

    /// <summary>Returns the tokens that count in the row of a text of some length, the others being equal in it.</summary>
    public ReadOnlySpan<int> Near(int length)
    {
        int first = Math.Clamp(length - maxEdits - 2, 0, Length);
        return _tokens.AsSpan(first, Math.Clamp(length + maxEdits, first, Length) - first);
    }

    /// <summary>Returns the row of a text with one token more.</summary>
    /// <param name="row">The row of the text.</param>
    /// <param name="before">The row of the text without its last token.</param>
    /// <param name="last">Its last token, or -1.</param>
    /// <param name="token">The new token.</param>
    /// <param name="length">The number of tokens with it.</param>
    public EditRow Next(EditRow row, EditRow before, int last, int token, int length)
    {
        var next = new EditRow(0);
        int left = TooMany;
        for (int place = 0; place < Places; place++)
        {
            int cost = TooMany;
            if (IsTyped(place, length, out int typed))
            {
                cost = Math.Min(cost, left + 1);
                if (place + 1 < Places)
                    cost = Math.Min(cost, row[place + 1] + 1);
                if (typed > 0)
                    cost = Math.Min(cost, row[place] + (_tokens[typed - 1] == token ? 0 : 1));
                if (typed > 1 && length > 1 && _tokens[typed - 1] == last && _tokens[typed - 2] == token)
                    cost = Math.Min(cost, before[place] + 1);
            }

            next = next.With(place, left = Math.Min(cost, TooMany));
        }

        return next;
    }

    /// <summary>Returns by how many edits a text differs from all that was typed.</summary>
    public int Whole(EditRow row, int length)
    {
        int place = Length - length + maxEdits;
        return place >= 0 && place < Places ? row[place] : TooMany;
    }

    /// <summary>Returns the least number of edits by which a text that goes on may come to differ.</summary>
    public int Least(EditRow row)
    {
        int least = TooMany;
        for (int place = 0; place < Places; place++)
            least = Math.Min(least, row[place]);
        return least;
    }

    private bool IsTyped(int place, int length, out int typed)
    {
        typed = length + place - maxEdits;
        return typed >= 0 && typed <= Length;
    }
}
