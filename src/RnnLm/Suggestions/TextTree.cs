using RnnLm.Engines;
using RnnLm.Lanes;
using RnnLm.Numerics;

namespace RnnLm.Suggestions;

/// <summary>
/// Texts that were read, as a tree in which each goes on from another one: what two searches have in common is read once.
/// </summary>
internal sealed class TextTree : IDisposable
{
    /// <summary>So many texts are read side by side.</summary>
    public const int Lanes = 16;

    /// <summary>So many texts of each length are kept at most.</summary>
    public const int TextsOfLength = 256;

    // Of a long text, the states after its last characters are kept, for whoever takes these back.
    private const int KeptOfPath = 64;

    private const long MostBytes = 32L << 20;


    private readonly IInferenceSession _session;
    private readonly TextNode _root = new(null, -1);
    private readonly int[] _tokens = new int[Lanes];
    private readonly float[] _logits;   // [B, V]
    private readonly int _vocabularySize;
    private int _read;

    /// <param name="model">The model.</param>
    /// <param name="condition">The condition, for a model that has them; else -1.</param>
    public TextTree(ILanguageModelRuntime model, int condition)
    {
        _session = model.CreateSession(Lanes);
        _vocabularySize = model.Config.VocabularySize;
        _logits = new float[Lanes * _vocabularySize];
        InitialLaneState.Write(_session, 0, model.Config, condition, model.Config.InitialState);
        _root.State = new float[_session.StateSize];
        _session.ReadState(0, _root.State);
    }

    /// <summary>Gets of how many lengths texts can be kept.</summary>
    public int HeldLengths => (int)Math.Clamp(MostBytes / 2 / (TextsOfLength * BytesOfText), 8, KeptOfPath);

    // The state, the logits, and the objects around them.
    private long BytesOfText => ((long)(_session.StateSize + _vocabularySize) * sizeof(float)) + 400;

    /// <summary>Reads a text, as far as it is new.</summary>
    /// <param name="tokens">Its tokens, at least one.</param>
    /// <param name="cancellationToken">Looked at before each token.</param>
    public TextNode Read(IEnumerable<int> tokens, CancellationToken cancellationToken)
    {
        TextNode node = tokens.Aggregate(_root, (parent, token) => parent.Child(token));
        if (node.Logits is not null)
            return node;
        var path = new Stack<TextNode>();
        TextNode from = node;
        for (; from.State is null; from = from.Parent!)
            path.Push(from);
        _session.WriteState(0, from.State);
        while (path.TryPop(out TextNode? next))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _tokens[0] = next.Token;
            bool isKept = path.Count < KeptOfPath;
            _session.Step(_tokens.AsSpan(0, 1), isKept ? _logits.AsSpan(0, _vocabularySize) : []);
            if (isKept)
                Keep(next, 0);
        }

        return node;
    }

    /// <summary>Reads texts that go on from texts that were read, as far as they are new.</summary>
    /// <param name="nodes">The texts, at most as many as there are <see cref="Lanes"/>.</param>
    public void Read(IReadOnlyList<TextNode> nodes)
    {
        TextNode[] fresh = [.. nodes.Where(node => node.Logits is null)];
        if (fresh.Length == 0)
            return;
        for (int lane = 0; lane < fresh.Length; lane++)
        {
            _session.WriteState(lane, fresh[lane].Parent!.State!);
            _tokens[lane] = fresh[lane].Token;
        }

        _session.Step(_tokens.AsSpan(0, fresh.Length), _logits.AsSpan(0, fresh.Length * _vocabularySize));
        for (int lane = 0; lane < fresh.Length; lane++)
            Keep(fresh[lane], lane);
    }

    /// <summary>Forgets texts, where all together have become too many.</summary>
    /// <param name="kept">The texts that are needed, those before what they go on from.</param>
    /// <returns>Whether these are not too many themselves, so that they were kept.</returns>
    public bool Trim(IEnumerable<TextNode> kept)
    {
        if (_read * BytesOfText <= MostBytes)
            return true;
        HashSet<TextNode> nodes = [.. kept];
        bool areFew = nodes.Count * BytesOfText <= MostBytes;
        if (!areFew)
            nodes.Clear();
        var linked = new HashSet<TextNode> { _root };
        _root.Clear();
        foreach (TextNode node in nodes)
        {
            for (TextNode at = node; linked.Add(at); at = at.Parent!)
                at.Clear();
        }

        linked.Remove(_root);
        foreach (TextNode node in linked)
        {
            node.Parent!.Add(node);
            if (!nodes.Contains(node))
                (node.State, node.Logits) = (null, null);
        }

        _read = nodes.Count;
        return areFew;
    }

    /// <summary>Returns a text and those that it goes on from, so many as are kept.</summary>
    public IEnumerable<TextNode> Path(TextNode node)
    {
        int count = 0;
        for (TextNode? at = node; at is not null && at != _root && count < KeptOfPath; at = at.Parent, count++)
            yield return at;
    }

    public void Dispose() => _session.Dispose();

    private void Keep(TextNode node, int lane)
    {
        node.State = new float[_session.StateSize];
        _session.ReadState(lane, node.State);
        node.Logits = _logits.AsSpan(lane * _vocabularySize, _vocabularySize).ToArray();
        node.LogTotal = Softmax.LogSumExp(node.Logits);
        _read++;
    }
}
