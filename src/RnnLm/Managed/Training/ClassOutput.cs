using System.Numerics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Managed.Training;

/// <summary>The output of a classifier: one pooled vector a text, and the logits of its classes.</summary>
internal sealed unsafe class ClassOutput<T, TVector>(ModelConfig config, TrainingSessionOptions options, NetworkParameters<T> parameters)
    : NetworkOutput<T, TVector>(config, options, parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly SequencePooling<T> _pooling = new(config);
    private readonly Dropout<T> _dropout = new(options.Dropout.Output, config.Layers);
    private readonly ulong _seed = options.Seed;

    /// <summary>Gets 0: it is the pooled vector that elements are dropped of.</summary>
    public override double StateDropout => 0;

    public override void Reserve(BatchLayout layout)
    {
        base.Reserve(layout);
        _pooling.Reserve(layout.BatchSize);
    }

    public override void BeginStep(BatchLayout layout, long step)
    {
        if (layout.Batch.Labels is not { Length: > 0 })
            throw new ArgumentException("The minibatch has no labels to train on.");
        base.BeginStep(layout, step);
        _dropout.Begin(_seed, step);
    }

    public override void Loss(BatchLayout layout, RowSpan span, T* hidden, nint stride, bool training)
    {
        for (int b = span.First; b < span.Last; b++)
            _pooling.Forward(layout, b, hidden, stride);
        if (training)
            Drop(span, _pooling.Pooled);
        Layer.Forward(span.First, span.Last - span.First, _pooling.Pooled, _pooling.Stride);
        LossOf(span.First, span.Last);
    }

    public override void Backward(BatchLayout layout, RowSpan span, T* gradient, nint stride)
    {
        Layer.Backward(span.First, span.Last - span.First, _pooling.Gradient, _pooling.Stride);
        Drop(span, _pooling.Gradient);
        for (int b = span.First; b < span.Last; b++)
            _pooling.Backward(layout, b, gradient, stride);
    }

    public override void AddWeightGradients(BatchLayout layout, T* hidden, nint stride, TransposedProduct<T, TVector> product, int share,
        int shares) =>
        Layer.AddWeightGradients(layout.BatchSize, _pooling.Pooled, _pooling.Stride, product, share, shares);

    protected override int RowsOf(BatchLayout layout) => layout.BatchSize;

    protected override void ReadTargets(BatchLayout layout, Span<int> targets)
    {
        if (layout.Batch.Labels is { } labels)
            labels.AsSpan(0, targets.Length).CopyTo(targets);
        else
            targets.Fill(Minibatch.Ignore);
    }

    protected override EvaluationResult Complete(EvaluationResult result, BatchLayout layout) => layout.Batch.Labels is null ? result
        : result with { Labels = LabelCounts.Count(Targets(layout.BatchSize), Predicted(layout.BatchSize), Layer.Outputs) };

    private void Drop(RowSpan span, T* rows)
    {
        T* first = rows + ((nint)span.First * _pooling.Stride);
        if (_dropout.Active)
            _dropout.Apply(first, first, _pooling.Stride, span.First, span.Last - span.First, _pooling.Stride);
    }
}
