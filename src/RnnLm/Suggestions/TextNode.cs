namespace RnnLm.Suggestions;

/// <summary>A text in a tree: what it adds to the text before it, and, once it was read, the model's state after it.</summary>
/// <param name="parent">The text without its last token; null for nothing.</param>
/// <param name="token">The last token.</param>
internal sealed class TextNode(TextNode? parent, int token)
{
    // Most have one child, if any.
    private TextNode? _only;
    private Dictionary<int, TextNode>? _children;

    public TextNode? Parent => parent;

    public int Token => token;

    /// <summary>Gets or sets the model's state after the text, or null where it is not kept. // [L·S·H]</summary>
    public float[]? State { get; set; }

    /// <summary>Gets or sets the logits of what follows, or null where the text was not read. // [V]</summary>
    public float[]? Logits { get; set; }

    /// <summary>Gets or sets what is taken from a logit for a log-probability.</summary>
    public double LogTotal { get; set; }

    /// <summary>Returns the model's log-probability that a token follows the text, which was read.</summary>
    public double LogProbability(int next) => Logits![next] - LogTotal;

    /// <summary>Returns the text with one more token.</summary>
    public TextNode Child(int next)
    {
        if (_children is null)
        {
            if (_only is null || _only.Token == next)
                return _only ??= new TextNode(this, next);
            _children = Grow();
        }

        if (!_children.TryGetValue(next, out TextNode? child))
            _children.Add(next, child = new TextNode(this, next));
        return child;
    }

    /// <summary>Adds a text that goes on from this one and has been left out.</summary>
    public void Add(TextNode child)
    {
        if (_children is null && _only is null)
            _only = child;
        else
            (_children ??= Grow()).Add(child.Token, child);
    }

    /// <summary>Forgets all that goes on from here.</summary>
    public void Clear() => (_only, _children) = (null, null);

    private Dictionary<int, TextNode> Grow()
    {
        var children = new Dictionary<int, TextNode> { [_only!.Token] = _only };
        _only = null;
        return children;
    }
}
