using System.Numerics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// A model being trained: forward, loss, and back-propagation through time. The sequences of a batch are shared out among the threads, each
/// of which takes its own all the way forward and back; then the weights' gradients are shared out. No number depends on how many threads
/// there are.
/// </summary>
internal sealed unsafe class RecurrentNetwork<T, TVector> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly ModelConfig _config;
    private readonly WorkerPool _pool;
    private readonly TrainingSessionOptions _options;
    private readonly BatchLayout _layout = new();
    private readonly NetworkInput<T, TVector> _input;
    private readonly RecurrentStack<T, TVector> _stack;
    private readonly NetworkOutput<T, TVector> _output;
    private readonly RecurrentState<T> _beginGradient;
    private readonly TransposedProduct<T, TVector>[] _products;
    private RecurrentState<T> _state;
    private bool _packed;
    private bool _training;
    private bool _beginNeedsGradient;

    /// <summary>Makes a network of zeros, or one that has its weights in common with another.</summary>
    public RecurrentNetwork(ModelConfig config, TrainingSessionOptions options, NetworkParameters<T>? shared = null)
    {
        (_config, _options) = (config, options);
        _pool = new(options.Threads);
        Parameters = new(config, shared);
        _output = NetworkOutput<T, TVector>.Create(config, options, Parameters);
        _stack = new(config, options.Dropout with { Output = _output.StateDropout }, Parameters);
        _input = new(config, options.Dropout, Parameters, _stack.Layers[0]);
        (TrainingState, EvaluationState, _beginGradient) = (new(config), new(config), new(config));
        _state = TrainingState;
        _products = new TransposedProduct<T, TVector>[options.Threads];
        for (int i = 0; i < _products.Length; i++)
            _products[i] = new();
    }

    /// <summary>Gets the weights and gradients. After the weights are changed, call <see cref="WeightsChanged"/>.</summary>
    public NetworkParameters<T> Parameters { get; }

    /// <summary>Gets the state that training carries.</summary>
    public RecurrentState<T> TrainingState { get; }

    /// <summary>Gets the state that evaluation carries.</summary>
    public RecurrentState<T> EvaluationState { get; }

    /// <summary>Gets the threads.</summary>
    public WorkerPool Pool => _pool;

    /// <summary>Tells that the weights are others now.</summary>
    public void WeightsChanged() => _packed = false;

    /// <summary>Runs a batch forward and back, and adds the gradients of its loss.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="step">The step that dropout masks are drawn for.</param>
    /// <returns>The mean loss, as a sum over the targets.</returns>
    public EvaluationResult Accumulate(Minibatch batch, long step)
    {
        _input.BeginStep(_options.Seed, step);
        _stack.BeginStep(_options.Seed, step);
        Prepare(batch, training: true);
        _output.BeginStep(_layout, step);
        _beginNeedsGradient = _state.Begin(batch, Parameters);
        _beginGradient.Resize(batch.BatchSize);
        RunSequences();
        Run(static (network, share, shares) => network.AddWeightGradients(share, shares));
        if (_config.EmbeddingSize > 0)
            Run(static (network, share, shares) =>
                network._input.AddEmbeddingGradients(network._layout, network._products[share], share, shares));
        if (_beginNeedsGradient)
            _state.AddGradients(batch, Parameters, _beginGradient);
        return Finish();
    }

    /// <summary>Runs a batch forward.</summary>
    public EvaluationResult Evaluate(Minibatch batch)
    {
        Prepare(batch, training: false);
        _output.BeginEvaluation(_layout);
        _state.Begin(batch, Parameters);
        RunSequences();
        return Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private void Prepare(Minibatch batch, bool training)
    {
        _layout.Set(batch, _config);
        _training = training;
        _state = training ? TrainingState : EvaluationState;
        _input.Reserve(_layout, training);
        _stack.Reserve(_layout, _input.TableRows, training);
        _output.Reserve(_layout);
        if (_stack.DropsWeights)
            Run(static (network, share, shares) => network._stack.DropWeights(share, shares));
        if (!_packed || _stack.DropsWeights)
            Run(static (network, share, shares) => network.Pack(share, shares));
        if (_input.TableRows > 0 && _config.EmbeddingSize > 0)
            Run(static (network, share, shares) => network._input.FillTables(share, shares));
        // Weights of which some are dropped are those of one step.
        _packed = !_stack.DropsWeights;
    }

    private EvaluationResult Finish()
    {
        EvaluationResult result = _output.Result(_layout);
        _layout.Clear();
        return result;
    }

    private void Pack(int share, int shares)
    {
        _stack.Pack(share, shares);
        _output.Pack(share, shares);
    }

    // A thread that runs a single sequence reads all weights for it, and is done hardly sooner than one that runs four.
    private void RunSequences() => Run(static (network, share, shares) => network.RunSequences(share, shares), (_layout.BatchSize + 3) / 4);

    private void RunSequences(int share, int shares)
    {
        int first = _layout.Share(share, shares), last = _layout.Share(share + 1, shares);
        if (first == last)
            return;
        int chunks = Math.Max(1, (last - first) / RecurrentStack<T, TVector>.SequencesAtATime);
        for (int i = 0; i < chunks; i++)
        {
            int from = first + ((last - first) * i / chunks), to = first + ((last - first) * (i + 1) / chunks);
            RunSequences(new RowSpan(from, to, 0, _layout.LengthOf(from)));
        }
    }

    private void RunSequences(RowSpan all)
    {
        _stack.Begin(_layout, all, _state);
        if (_layout.Batch.FreeRunning is null)
        {
            RunForward(all);
        }
        else
        {
            for (int t = 0; t < all.End; t++)
            {
                _output.ChooseTokens(_layout, all, t);
                RunForward(all with { Start = t, End = t + 1 });
            }
        }

        _output.Loss(_layout, all, _stack.Top, _stack.OutputStride, _training);
        if (!_training)
            return;
        _output.Backward(_layout, all, _stack.TopGradient, _stack.OutputStride);
        _stack.Backward(_layout, all, _beginGradient, _beginNeedsGradient);
        _input.Backward(_layout, all);
    }

    private void RunForward(RowSpan span)
    {
        _input.Gather(_layout, span);
        _stack.Forward(_layout, span, _input.Rows, _input.Stride, _state);
        _output.Forward(_layout, span, _stack.Top, _stack.OutputStride);
    }

    private void AddWeightGradients(int share, int shares)
    {
        _output.AddWeightGradients(_layout, _stack.Top, _stack.OutputStride, _products[share], share, shares);
        _stack.AddWeightGradients(_layout, _input.Rows, _input.Stride, _products[share], share, shares);
    }

    private void Run(Action<RecurrentNetwork<T, TVector>, int, int> body, int mostShares = int.MaxValue)
    {
        long work = (long)_layout.Rows * Parameters.Length;
        int shares = (int)Math.Clamp(work / _options.WorkPerThread, 1, Math.Min(_options.Threads, mostShares));
        _pool.Run(shares, body, this);
    }
}
