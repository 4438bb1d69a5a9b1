namespace RnnLm;

/// <summary>
/// The states of several texts on the managed engine. A step takes one of two ways through the layers, by the number of texts: each thread does all
/// layers for its share of many texts, or, for few, its share of each layer's units, the threads meeting after each layer.
/// </summary>
internal sealed unsafe class ManagedInferenceSession : IInferenceSession
{
    /// <summary>Below so many multiplications a step is done before another thread would have heard of it.</summary>
    private const long WorthSharing = 200_000;

    /// <summary>From so many texts for each thread, texts are shared out rather than units.</summary>
    private const int RowsWorthSharing = 2 * StripProduct.TileRows;

    private static readonly Action<ManagedInferenceSession, int, int> s_step = static (session, share, count) => session.StepShare(share, count);

    private readonly ModelLayers _model;
    private readonly int _threads;
    private readonly int _stride;
    private readonly int _scratchSize;
    private readonly long _work;
    private readonly AlignedFloats _hidden;
    private readonly AlignedFloats _next;
    private readonly AlignedFloats _cell;
    private readonly AlignedFloats _embedded;
    private readonly AlignedFloats _scratch;
    private readonly int[] _tokens;
    private readonly SpinBarrier _barrier = new();
    private float* _logits;
    private int _rows;
    private bool _shareRows;
    private bool _disposed;

    public ManagedInferenceSession(ModelLayers model, int lanes, int threads)
    {
        (_model, _threads, Lanes) = (model, threads, lanes);
        StripLayout layout = model.Recurrent[0].Layout;
        _stride = layout.PaddedUnits;
        long states = (long)model.Recurrent.Length * lanes * _stride;
        _hidden = new AlignedFloats(states);
        _next = new AlignedFloats(states);
        _cell = new AlignedFloats(model.Config.Cell == CellType.Lstm ? states : 0);
        _embedded = new AlignedFloats(model.Embedding.Length == 0 ? 0 : (long)lanes * model.Config.EmbeddingSize);
        _scratchSize = Math.Max(model.Recurrent.Max(layer => layer.ScratchSize), model.Output.ScratchSize);
        _scratch = new AlignedFloats((long)threads * _scratchSize);
        _work = model.Recurrent.Sum(layer => layer.Work) + model.Output.Work;
        _tokens = GC.AllocateArray<int>(lanes, pinned: true);
        if (model.Config.Conditions > 0)
            return;
        for (int lane = 0; lane < lanes; lane++)
            SetState(lane, model.StartingState(-1));
    }

    public int Lanes { get; }

    public int StateSize => _model.StateSize;

    private int Hidden => _model.Config.HiddenSize;

    private bool HasCell => _model.Config.Cell == CellType.Lstm;

    public void Reset(int lane, int condition = -1)
    {
        CheckLane(lane, nameof(lane));
        SetState(lane, _model.StartingState(condition));
    }

    public void Copy(int source, int destination)
    {
        CheckLane(source, nameof(source));
        CheckLane(destination, nameof(destination));
        for (int layer = 0; layer < _model.Recurrent.Length; layer++)
        {
            State(_hidden, layer, source).CopyTo(State(_hidden, layer, destination));
            if (HasCell)
                State(_cell, layer, source).CopyTo(State(_cell, layer, destination));
        }
    }

    public void ReadState(int lane, Span<float> state)
    {
        CheckLane(lane, nameof(lane));
        CheckStateLength(state.Length);
        for (int layer = 0; layer < _model.Recurrent.Length; layer++)
        {
            State(_hidden, layer, lane).CopyTo(state);
            state = state[Hidden..];
            if (!HasCell)
                continue;
            State(_cell, layer, lane).CopyTo(state);
            state = state[Hidden..];
        }
    }

    public void WriteState(int lane, ReadOnlySpan<float> state)
    {
        CheckLane(lane, nameof(lane));
        CheckStateLength(state.Length);
        SetState(lane, state);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tokens.Length > Lanes)
            throw new ArgumentException($"There are {tokens.Length} tokens for {Lanes} lanes.", nameof(tokens));
        if (!logits.IsEmpty && logits.Length < (long)tokens.Length * _model.Config.VocabularySize)
            throw new ArgumentException($"There is room for {logits.Length} logits, but {(long)tokens.Length * _model.Config.VocabularySize} are needed.", nameof(logits));
        _model.CheckTokens(tokens);
        if (tokens.IsEmpty)
            return;
        tokens.CopyTo(_tokens);
        _rows = tokens.Length;
        Embed();
        int threads = _work * _rows < WorthSharing ? 1 : _threads;
        _shareRows = _rows >= threads * RowsWorthSharing;
        fixed (float* to = logits)
        {
            _logits = to;
            if (threads == 1)
                StepShare(0, 1);
            else
                WorkerPool.Shared.Run(threads, s_step, this);
            _logits = null;
        }

        GC.KeepAlive(this);
    }

    public void Dispose() => _disposed = true;

    /// <summary>Does one share of a step. The number of shares may be less than asked for; the numbers that come out are the same.</summary>
    private void StepShare(int share, int count)
    {
        float* scratch = _scratch.Pointer + ((nint)share * _scratchSize);
        if (_shareRows)
            StepRows(_rows * share / count, _rows * (share + 1) / count, 0, 1, scratch);
        else
            StepRows(0, _rows, share, count, scratch);
    }

    /// <summary>Steps some of the rows, or one thread's share of the units of all.</summary>
    private void StepRows(int firstRow, int lastRow, int share, int count, float* scratch)
    {
        int rows = lastRow - firstRow;
        if (rows == 0)
            return;
        float* input = _embedded.Pointer;
        nint inputStride = _model.Config.EmbeddingSize;
        fixed (int* tokens = _tokens)
        {
            for (int i = 0; i < _model.Recurrent.Length; i++)
            {
                PackedLayer layer = _model.Recurrent[i];
                nint start = (nint)i * Lanes * _stride;
                LayerStep step = new LayerStep
                {
                    Tokens = tokens,
                    Input = input,
                    InputStride = inputStride,
                    Hidden = _hidden.Pointer + start,
                    Next = _next.Pointer + start,
                    Cell = HasCell ? _cell.Pointer + start : null,
                    StateStride = _stride,
                }.From(firstRow, rows);
                int first = layer.Layout.Groups * share / count, last = layer.Layout.Groups * (share + 1) / count;
                layer.Step(in step, first, last, scratch);
                _barrier.SignalAndWait(count);
                KeepHidden(in step, first * layer.Layout.GroupUnits, Math.Min(last * layer.Layout.GroupUnits, _stride));
                input = _next.Pointer + start;
                inputStride = _stride;
            }
        }

        if (_logits is null)
            return;
        int groups = _model.Output.Layout.Groups;
        _model.Output.Compute(rows, input + (firstRow * inputStride), inputStride, _logits + ((nint)firstRow * _model.Config.VocabularySize),
            groups * share / count, groups * (share + 1) / count, scratch);
    }

    /// <summary>Makes the new hidden state the old one. All threads have read the old one by now; the layer above reads the new one.</summary>
    private static void KeepHidden(in LayerStep step, int firstUnit, int lastUnit)
    {
        int length = lastUnit - firstUnit;
        for (int row = 0; row < step.Rows && length > 0; row++)
        {
            nint at = (row * step.StateStride) + firstUnit;
            new ReadOnlySpan<float>(step.Next + at, length).CopyTo(new Span<float>(step.Hidden + at, length));
        }
    }

    private void Embed()
    {
        int size = _model.Config.EmbeddingSize;
        for (int row = 0; row < _rows && _embedded.Length > 0; row++)
            _model.Embedding.AsSpan(_tokens[row] * size, size).CopyTo(_embedded.Span[(row * size)..]);
    }

    private void SetState(int lane, ReadOnlySpan<float> state)
    {
        for (int layer = 0; layer < _model.Recurrent.Length; layer++)
        {
            state[..Hidden].CopyTo(State(_hidden, layer, lane));
            state = state[Hidden..];
            if (!HasCell)
                continue;
            state[..Hidden].CopyTo(State(_cell, layer, lane));
            state = state[Hidden..];
        }
    }

    private Span<float> State(AlignedFloats states, int layer, int lane) => states.Span.Slice(((layer * Lanes) + lane) * _stride, Hidden);

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
