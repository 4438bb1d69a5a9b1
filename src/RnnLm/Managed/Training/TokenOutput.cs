using System.Numerics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Managed.Training;

/// <summary>The output of a language model: the logits of the next token at each position.</summary>
internal sealed unsafe class TokenOutput<T, TVector>(ModelConfig config, TrainingSessionOptions options, NetworkParameters<T> parameters)
    : NetworkOutput<T, TVector>(config, options, parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    public override double StateDropout { get; } = options.Dropout.Output;

    public override void BeginStep(BatchLayout layout, long step)
    {
        if (layout.Batch.Targets.Length == 0)
            throw new ArgumentException("The minibatch has no targets to train on.");
        base.BeginStep(layout, step);
    }

    /// <summary>Puts the most likely tokens of the position before in place of those to be read, for sequences that run free at a
    /// position.</summary>
    public override void ChooseTokens(BatchLayout layout, RowSpan span, int t)
    {
        bool[] free = layout.Batch.FreeRunning!;
        for (int b = span.First; t > 0 && b < Math.Min(span.Last, layout.Active(t)); b++)
        {
            if (free[(t * layout.BatchSize) + b])
                layout.Tokens[layout.First(t) + b] = Layer.ArgMax(layout.First(t - 1) + b);
        }
    }

    public override void Forward(BatchLayout layout, RowSpan span, T* hidden, nint stride)
    {
        for (int t = span.Start; span.Next(layout, ref t, out int row, out int count);)
            Layer.Forward(row, count, hidden, stride);
    }

    public override void Loss(BatchLayout layout, RowSpan span, T* hidden, nint stride, bool training)
    {
        for (int t = 0; t < span.End; t++)
            LossOf(layout.First(t) + span.First, layout.First(t) + Math.Min(span.Last, layout.Active(t)));
    }

    public override void Backward(BatchLayout layout, RowSpan span, T* gradient, nint stride)
    {
        for (int t = span.Start; span.Next(layout, ref t, out int row, out int count);)
            Layer.Backward(row, count, gradient, stride);
    }

    public override void AddWeightGradients(BatchLayout layout, T* hidden, nint stride, TransposedProduct<T, TVector> product, int share,
        int shares) =>
        Layer.AddWeightGradients(layout.Rows, hidden, stride, product, share, shares);

    protected override int RowsOf(BatchLayout layout) => layout.Rows;

    protected override void ReadTargets(BatchLayout layout, Span<int> targets)
    {
        if (layout.Batch.Targets.Length == 0)
        {
            targets.Fill(Minibatch.Ignore);
            return;
        }

        for (int t = 0; t < layout.Length; t++)
            layout.Batch.Targets.AsSpan(t * layout.BatchSize, layout.Active(t)).CopyTo(targets[layout.First(t)..]);
    }

    /// <summary>Sums apart what came of unknown characters.</summary>
    protected override EvaluationResult Complete(EvaluationResult result, BatchLayout layout)
    {
        if (layout.Batch.UnknownId is not { } unknown)
            return result;
        ReadOnlySpan<int> targets = Targets(layout.Rows);
        ReadOnlySpan<double> losses = Losses(layout.Rows);
        long count = 0;
        double sum = 0;
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] < 0 || targets[row] != unknown)
                continue;
            count++;
            sum += losses[row];
        }

        return result with { UnknownTargets = count, UnknownLossSum = sum };
    }
}
