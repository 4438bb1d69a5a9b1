using System.Numerics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// What becomes of the last layer's states: rows of logits, the loss, which is a mean over the rows that have a target, and its gradient.
/// What the rows are, positions or texts, is the matter of the two kinds. Losses are kept by row and summed in one order.
/// </summary>
internal abstract unsafe class NetworkOutput<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly TrainingSessionOptions _options;
    private readonly AlignedBuffer<double> _losses = new();
    private readonly AlignedBuffer<int> _targets = new();
    private readonly AlignedBuffer<int> _predicted = new();
    private T _scale;
    private double _weight;
    private long _count;
    private bool _evaluating;

    /// <summary>Makes the output.</summary>
    protected NetworkOutput(ModelConfig config, TrainingSessionOptions options, NetworkParameters<T> parameters)
    {
        _options = options;
        Layer = new(config, parameters, LabelSmoothing<T, TVector>.Create(config, options));
    }

    /// <summary>Gets the share of the last layer's states that is dropped at each position, in training.</summary>
    public abstract double StateDropout { get; }

    /// <summary>Gets the linear layer.</summary>
    protected OutputLayer<T, TVector> Layer { get; }

    /// <summary>Makes the output of a model.</summary>
    public static NetworkOutput<T, TVector> Create(ModelConfig config, TrainingSessionOptions options, NetworkParameters<T> parameters) =>
        config.Task == ModelTask.LanguageModel
            ? new TokenOutput<T, TVector>(config, options, parameters)
            : new ClassOutput<T, TVector>(config, options, parameters);

    /// <summary>Makes room for a batch.</summary>
    public virtual void Reserve(BatchLayout layout)
    {
        int rows = RowsOf(layout);
        Layer.Reserve(rows);
        _losses.Reserve(rows);
        _targets.Reserve(rows);
        _predicted.Reserve(rows);
    }

    /// <summary>Lays out one share of the weights for the products.</summary>
    public void Pack(int share, int shares) => Layer.Pack(share, shares);

    /// <summary>Begins a step of training.</summary>
    public virtual void BeginStep(BatchLayout layout, long step)
    {
        Begin(layout, evaluating: false);
        T mean = T.CreateTruncating(1f / _options.Optimizer.AccumulationSteps) / T.CreateTruncating(_weight);
        _scale = _weight == 0 ? T.Zero : _options.LossReduction == LossReduction.Sum ? T.One : mean;
    }

    /// <summary>Begins a pass without gradients.</summary>
    public void BeginEvaluation(BatchLayout layout) => Begin(layout, evaluating: true);

    /// <summary>Puts predictions in place of the tokens to be read at a position, for sequences that run free there.</summary>
    public virtual void ChooseTokens(BatchLayout layout, RowSpan span, int t)
    {
    }

    /// <summary>Computes the logits of some sequences at some positions, where positions have any.</summary>
    public virtual void Forward(BatchLayout layout, RowSpan span, T* hidden, nint stride)
    {
    }

    /// <summary>Computes the losses of some sequences, and turns their logits into gradients.</summary>
    public abstract void Loss(BatchLayout layout, RowSpan span, T* hidden, nint stride, bool training);

    /// <summary>Computes the gradient of the last layer's states of some sequences.</summary>
    public abstract void Backward(BatchLayout layout, RowSpan span, T* gradient, nint stride);

    /// <summary>Adds one share of the gradients of the weights.</summary>
    public abstract void AddWeightGradients(BatchLayout layout, T* hidden, nint stride, TransposedProduct<T, TVector> product, int share,
        int shares);

    /// <summary>Returns the mean loss of the batch as a sum, and in evaluation the number of right predictions.</summary>
    public EvaluationResult Result(BatchLayout layout)
    {
        int rows = RowsOf(layout);
        double sum = 0;
        for (int row = 0; row < rows; row++)
            sum += _losses.Pointer[row];
        double loss = _weight > 0 ? sum / _weight * _count : 0;
        return _evaluating ? Complete(new(loss, _count, CountRight(rows)), layout) : new(loss, _count, 0);
    }

    /// <summary>Returns the number of rows of logits.</summary>
    protected abstract int RowsOf(BatchLayout layout);

    /// <summary>Fills in the target of each row, or <see cref="Minibatch.Ignore"/>.</summary>
    protected abstract void ReadTargets(BatchLayout layout, Span<int> targets);

    /// <summary>Adds to the result of an evaluation what only this kind of output knows.</summary>
    protected abstract EvaluationResult Complete(EvaluationResult result, BatchLayout layout);

    /// <summary>Returns the targets of the first rows.</summary>
    protected ReadOnlySpan<int> Targets(int rows) => new(_targets.Pointer, rows);

    /// <summary>Returns the predictions of the first rows, in evaluation.</summary>
    protected ReadOnlySpan<int> Predicted(int rows) => new(_predicted.Pointer, rows);

    /// <summary>Returns the losses of the first rows.</summary>
    protected ReadOnlySpan<double> Losses(int rows) => new(_losses.Pointer, rows);

    /// <summary>Computes the losses of some rows, and turns their logits into gradients; in evaluation into probabilities.</summary>
    protected void LossOf(int first, int last)
    {
        for (int row = first; row < last; row++)
        {
            int target = _targets.Pointer[row];
            if (_evaluating && target >= 0)
                _predicted.Pointer[row] = Layer.ArgMax(row);
            double loss = _evaluating ? Layer.Probabilities(row, target) : Layer.Loss(row, target, WeightOf(target), _scale);
            _losses.Pointer[row] = target < 0 ? 0 : loss;
        }
    }

    /// <summary>Takes the targets of a batch, counts them, and adds their weights up.</summary>
    private void Begin(BatchLayout layout, bool evaluating)
    {
        (_evaluating, _weight, _count) = (evaluating, 0, 0);
        var targets = new Span<int>(_targets.Pointer, RowsOf(layout));
        ReadTargets(layout, targets);
        foreach (int target in targets)
        {
            _count += target < 0 ? 0 : 1;
            _weight += WeightOf(target);
        }
    }

    private long CountRight(int rows)
    {
        long right = 0;
        for (int row = 0; row < rows; row++)
            right += _targets.Pointer[row] >= 0 && _predicted.Pointer[row] == _targets.Pointer[row] ? 1 : 0;
        return right;
    }

    private double WeightOf(int target) => target < 0 ? 0 : _evaluating ? 1 : _options.ClassWeights?[target] ?? 1;
}
