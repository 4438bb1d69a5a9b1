using RnnLm.Engines;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>
/// The states of several texts on the managed engine. A step goes through the layers one by one; within a layer, groups of units, and where
/// there are many texts also blocks of them, are shares of work for the threads. An output is computed whole in one share, so nothing
/// depends on who does it.
/// </summary>
internal sealed unsafe class ManagedInferenceSession : IInferenceSession
{
    /// <summary>A layer of so many multiplications is done before another thread would have been of use.</summary>
    private const long WorthSharing = 60_000;

    /// <summary>Texts are shared out in blocks of a few tiles at least, so that weights read once are used often.</summary>
    private const int BlockRows = 4 * StripProduct.TileRows;

    /// <summary>So many shares for each thread even out what one thread does slower than another.</summary>
    private const int SharesPerThread = 4;

    private static readonly Action<ManagedInferenceSession, int, int> s_share = static (session, share, _) => session.DoShare(share);

    private readonly ModelLayers _model;
    private readonly int _threads;
    private readonly LaneStates _states;
    private readonly AlignedBuffer<float> _embedded;
    private readonly int[] _tokens;
    private bool _disposed;

    // What the shares of a layer read: the layer, or null for the output layer, its rows, and how they are cut.
    private PackedLayer? _layer;
    private LayerStep _step;
    private float* _logits;
    private int _blocks;
    private int _blockRows;

    public ManagedInferenceSession(ModelLayers model, int lanes, int threads)
    {
        (_model, _threads, Lanes) = (model, threads, lanes);
        _states = new LaneStates(model.Config, model.Recurrent[0].Layout.PaddedUnits, lanes);
        _embedded = new AlignedBuffer<float>(model.Embedding.Length == 0 ? 0 : (long)lanes * model.Config.EmbeddingSize);
        _tokens = GC.AllocateArray<int>(lanes, pinned: true);
        for (int lane = 0; lane < lanes; lane++)
            _states.Write(lane, model.StartingState(-1));
    }

    public int Lanes { get; }

    public int StateSize => _model.StateSize;

    public void Reset(int lane, int condition = -1)
    {
        CheckLane(lane, nameof(lane));
        _states.Write(lane, _model.StartingState(condition));
    }

    public void Copy(int source, int destination)
    {
        CheckLane(source, nameof(source));
        CheckLane(destination, nameof(destination));
        _states.Copy(source, destination);
    }

    public void ReadState(int lane, Span<float> state)
    {
        CheckLane(lane, nameof(lane));
        CheckStateLength(state.Length);
        _states.Read(lane, state);
    }

    public void WriteState(int lane, ReadOnlySpan<float> state)
    {
        CheckLane(lane, nameof(lane));
        CheckStateLength(state.Length);
        _states.Write(lane, state);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length > Lanes)
            throw new ArgumentException($"There are {tokens.Length} tokens for {Lanes} lanes.", nameof(tokens));
        if (!logits.IsEmpty && logits.Length < (long)tokens.Length * _model.Config.VocabularySize)
            throw new ArgumentException($"There is room for {logits.Length} logits, but "
                + $"{(long)tokens.Length * _model.Config.VocabularySize} are needed.", nameof(logits));
        _model.CheckTokens(tokens);
        if (tokens.IsEmpty)
            return;
        tokens.CopyTo(_tokens);
        fixed (int* read = _tokens)
            StepLayers(read, tokens.Length);
        if (!logits.IsEmpty)
        {
            fixed (float* to = logits)
                Predict(to);
        }

        _states.Advance(tokens.Length);
        GC.KeepAlive(this);
    }

    public void Dispose() => _disposed = true;

    private void StepLayers(int* tokens, int rows)
    {
        Embed(rows);
        float* input = _embedded.Pointer;
        nint stride = _model.Config.EmbeddingSize;
        for (int i = 0; i < _model.Recurrent.Length; i++)
        {
            _layer = _model.Recurrent[i];
            _step = new LayerStep
            {
                Rows = rows,
                Tokens = tokens,
                Input = input,
                InputStride = stride,
                Hidden = _states.Hidden(i),
                Next = _states.Next(i),
                Cell = _states.Cell(i),
                StateStride = _states.Stride,
            };
            Share(_layer.Layout.Groups, _layer.Work);
            input = _step.Next;
            stride = _step.StateStride;
        }
    }

    private void Predict(float* logits)
    {
        _layer = null;
        _logits = logits;
        Share(_model.Output.Layout.Groups, _model.Output.Work);
    }

    /// <summary>Cuts a layer into shares and has them done.</summary>
    /// <param name="groups">The groups of units.</param>
    /// <param name="work">The multiplications that one row takes.</param>
    private void Share(int groups, long work)
    {
        if (_threads == 1 || work * _step.Rows < WorthSharing)
        {
            Do(in _step, 0, groups, 0);
            return;
        }

        int enough = ((SharesPerThread * _threads) + groups - 1) / groups;
        _blocks = Math.Clamp(_step.Rows / BlockRows, 1, enough);
        _blockRows = StripProduct.RoundUp((_step.Rows + _blocks - 1) / _blocks);
        WorkerPool.Shared.Run(groups * _blocks, s_share, this, _threads);
    }

    private void DoShare(int share)
    {
        int group = share / _blocks, row = share % _blocks * _blockRows, rows = Math.Min(_blockRows, _step.Rows - row);
        if (rows > 0)
            Do(_step.From(row, rows), group, group + 1, row);
    }

    private void Do(in LayerStep step, int firstGroup, int lastGroup, int row)
    {
        if (_layer is not null)
            _layer.Step(in step, firstGroup, lastGroup);
        else
            _model.Output.Compute(step.Rows, step.Next, step.StateStride, _logits + ((nint)row * _model.Config.VocabularySize), firstGroup,
                lastGroup);
    }

    private void Embed(int rows)
    {
        int size = _model.Config.EmbeddingSize;
        for (int row = 0; row < rows && _embedded.Length > 0; row++)
            _model.Embedding.AsSpan(_tokens[row] * size, size).CopyTo(_embedded.Span[(row * size)..]);
    }

    private void CheckLane(int lane, string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if ((uint)lane >= (uint)Lanes)
            throw new ArgumentOutOfRangeException(name, lane, $"Lanes are from 0 to {Lanes - 1}.");
    }

    private void CheckStateLength(int length)
    {
        if (length != StateSize)
            throw new ArgumentException($"A state has {StateSize} numbers, not {length}.", "state");
    }
}
