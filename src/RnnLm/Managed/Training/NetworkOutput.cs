using System.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// What becomes of the last layer's states: logits at each position, or one pooled vector and its logits for each text; then the loss, which is a mean
/// over targets, and its gradient. Losses are kept by row and summed in one order.
/// </summary>
internal sealed unsafe class NetworkOutput<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly OutputLayer<T, TVector> _layer;
    private readonly SequencePooling<T>? _pooling;
    private readonly TrainingSessionOptions _options;
    private readonly Dropout<T> _dropout;
    private readonly AlignedBuffer<double> _losses = new();
    private readonly AlignedBuffer<int> _predicted = new();
    private T _scale;
    private double _weight;
    private long _targets;
    private bool _evaluating;

    /// <summary>Makes the output of a model.</summary>
    public NetworkOutput(ModelConfig config, TrainingSessionOptions options, NetworkParameters<T> parameters)
    {
        _options = options;
        _layer = new(config, parameters, LabelSmoothing<T, TVector>.Create(config, options));
        bool classifies = config.Task == ModelTask.Classification;
        _pooling = classifies ? new(config) : null;
        _dropout = new(classifies ? options.Dropout.Output : 0, config.Layers);
    }

    /// <summary>Makes room for a batch.</summary>
    public void Reserve(BatchLayout layout)
    {
        int rows = RowsOf(layout);
        _layer.Reserve(rows);
        _pooling?.Reserve(rows);
        _losses.Reserve(rows);
        _predicted.Reserve(rows);
    }

    /// <summary>Lays out one share of the weights for the products.</summary>
    public void Pack(int share, int shares) => _layer.Pack(share, shares);

    /// <summary>Begins a step of training.</summary>
    public void BeginStep(Minibatch batch, BatchLayout layout, long step)
    {
        if ((_pooling is null ? batch.Targets : batch.Labels) is not { Length: > 0 })
            throw new ArgumentException(_pooling is null ? "The minibatch has no targets to train on." : "The minibatch has no labels to train on.", nameof(batch));
        Count(batch, layout, evaluating: false);
        T mean = T.CreateTruncating(1f / _options.Optimizer.AccumulationSteps) / T.CreateTruncating(_weight);
        _scale = _weight == 0 ? T.Zero : _options.LossReduction == LossReduction.Sum ? T.One : mean;
        _dropout.Begin(_options.Seed, step);
    }

    /// <summary>Begins a pass without gradients.</summary>
    public void BeginEvaluation(Minibatch batch, BatchLayout layout) => Count(batch, layout, evaluating: true);

    /// <summary>Puts the most likely tokens of the position before in place of those to be read, for sequences that run free at a position.</summary>
    public void ChooseTokens(BatchLayout layout, RowSpan span, int t)
    {
        bool[] free = layout.Batch.FreeRunning!;
        for (int b = span.First; t > 0 && b < Math.Min(span.Last, layout.Active(t)); b++)
        {
            if (free[(t * layout.BatchSize) + b])
                layout.Tokens[layout.First(t) + b] = _layer.ArgMax(layout.First(t - 1) + b);
        }
    }

    /// <summary>Computes the logits of some sequences at some positions; a classifier's come with its loss.</summary>
    public void Forward(BatchLayout layout, RowSpan span, T* hidden, nint stride)
    {
        for (int t = span.Start; _pooling is null && span.Next(layout, ref t, out int row, out int count);)
            _layer.Forward(row, count, hidden, stride);
    }

    /// <summary>Computes the losses of some sequences, and turns their logits into gradients.</summary>
    public void Loss(BatchLayout layout, RowSpan span, T* hidden, nint stride, bool training)
    {
        if (_pooling is not null)
            Pool(layout, span, hidden, stride, training);
        for (int t = 0; t < (_pooling is null ? span.End : 1); t++)
        {
            for (int b = span.First; b < Math.Min(span.Last, layout.Active(t)); b++)
                Loss(layout, t, b);
        }
    }

    /// <summary>Computes the gradient of the last layer's states of some sequences.</summary>
    public void Backward(BatchLayout layout, RowSpan span, T* gradient, nint stride)
    {
        if (_pooling is null)
        {
            for (int t = span.Start; span.Next(layout, ref t, out int row, out int count);)
                _layer.Backward(row, count, gradient, stride);
            return;
        }

        _layer.Backward(span.First, span.Last - span.First, _pooling.Gradient, _pooling.Stride);
        Drop(span, _pooling.Gradient);
        for (int b = span.First; b < span.Last; b++)
            _pooling.Backward(layout, b, gradient, stride);
    }

    /// <summary>Adds one share of the gradients of the weights.</summary>
    public void AddWeightGradients(BatchLayout layout, T* hidden, nint stride, TransposedProduct<T, TVector> product, int share, int shares)
    {
        if (_pooling is null)
            _layer.AddWeightGradients(layout.Rows, hidden, stride, product, share, shares);
        else
            _layer.AddWeightGradients(layout.BatchSize, _pooling.Pooled, _pooling.Stride, product, share, shares);
    }

    /// <summary>Returns the mean loss of the batch as a sum, and in evaluation the number of right predictions.</summary>
    public EvaluationResult Result(BatchLayout layout)
    {
        double sum = 0;
        for (int row = 0; row < RowsOf(layout); row++)
            sum += _losses.Pointer[row];
        double loss = _weight > 0 ? sum / _weight * _targets : 0;
        if (!_evaluating)
            return new(loss, _targets, 0);
        (long correct, long unknown, double unknownLoss) = Tally(layout);
        return new(loss, _targets, correct)
        {
            UnknownTargets = unknown,
            UnknownLossSum = unknownLoss,
            Labels = _pooling is not null && layout.Batch.Labels is { } labels
                ? LabelCounts.Count(labels, new(_predicted.Pointer, layout.BatchSize), _layer.Outputs)
                : null,
        };
    }

    /// <summary>Copies out the probabilities that a forward pass left. // [B, C]</summary>
    public void ReadProbabilities(BatchLayout layout, Span<float> destination)
    {
        int classes = _layer.Outputs;
        for (int b = 0; b < layout.BatchSize; b++)
            _layer.ReadRow(b, destination.Slice(b * classes, classes));
    }

    /// <summary>Counts the targets of a batch, and adds their weights up.</summary>
    private void Count(Minibatch batch, BatchLayout layout, bool evaluating)
    {
        (_evaluating, _weight, _targets) = (evaluating, 0, 0);
        for (int t = 0; t < (_pooling is null ? layout.Length : 1); t++)
        {
            for (int b = 0; b < layout.Active(t); b++)
            {
                int target = Target(batch, t, b);
                if (target < 0)
                    continue;
                _targets++;
                _weight += WeightOf(target);
            }
        }
    }

    private int RowsOf(BatchLayout layout) => _pooling is null ? layout.Rows : layout.BatchSize;

    private void Pool(BatchLayout layout, RowSpan span, T* hidden, nint stride, bool training)
    {
        for (int b = span.First; b < span.Last; b++)
            _pooling!.Forward(layout, b, hidden, stride);
        if (training)
            Drop(span, _pooling!.Pooled);
        _layer.Forward(span.First, span.Last - span.First, _pooling!.Pooled, _pooling.Stride);
    }

    private (long Correct, long Unknown, double UnknownLoss) Tally(BatchLayout layout)
    {
        long correct = 0, unknown = 0;
        double unknownLoss = 0;
        for (int t = 0, row = 0; row < RowsOf(layout); t++)
        {
            for (int b = 0; b < layout.Active(t); b++, row++)
            {
                int target = Target(layout.Batch, t, b);
                correct += target >= 0 && _predicted.Pointer[row] == target ? 1 : 0;
                if (target < 0 || target != layout.Batch.UnknownId)
                    continue;
                unknown++;
                unknownLoss += _losses.Pointer[row];
            }
        }

        return (correct, unknown, unknownLoss);
    }

    private void Loss(BatchLayout layout, int t, int b)
    {
        int row = _pooling is null ? layout.First(t) + b : b, target = Target(layout.Batch, t, b);
        if (_evaluating && target >= 0)
            _predicted.Pointer[row] = _layer.ArgMax(row);
        double weight = target < 0 ? 0 : WeightOf(target);
        double loss = _evaluating ? _layer.Probabilities(row, target) : _layer.Loss(row, target, weight, _scale);
        _losses.Pointer[row] = target < 0 ? 0 : loss;
    }

    private void Drop(RowSpan span, T* rows)
    {
        if (_dropout.Active)
            _dropout.Apply(rows + ((nint)span.First * _pooling!.Stride), rows + ((nint)span.First * _pooling.Stride), _pooling.Stride, span.First, span.Last - span.First, _pooling.Stride);
    }

    private int Target(Minibatch batch, int t, int b)
    {
        if (_pooling is not null)
            return batch.Labels?[b] ?? Minibatch.Ignore;
        return batch.Targets.Length > 0 ? batch.Targets[(t * batch.BatchSize) + b] : Minibatch.Ignore;
    }

    private double WeightOf(int target) => _evaluating ? 1 : _options.ClassWeights?[target] ?? 1;
}
