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

    /// <summary>Forgets the texts beside one, where all together have become too many.</summary>
    public void Trim(TextNode path)
    {
        if ((long)_read * (_session.StateSize + _vocabularySize) * sizeof(float) <= MostBytes)
            return;
        path.KeepOnly(null);
        _read = 1;
        for (TextNode node = path; node.Parent is { } parent; node = parent)
        {
            parent.KeepOnly(node);
            if (++_read > KeptOfPath && parent != _root)
                (parent.State, parent.Logits) = (null, null);
        }

        _read = Math.Min(_read, KeptOfPath + 1);
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
