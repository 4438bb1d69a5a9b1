using System.Numerics;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// The update rules, each as <c>torch.optim</c>'s, as one pass over all weights: reads gradient, moments and weight, writes moments and
/// weight, and clears the gradient.
/// </summary>
internal sealed unsafe class Optimizer<T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly OptimizerOptions _options;
    private readonly NetworkParameters<T> _parameters;
    private readonly GradientClipping<T, TVector> _clipping;
    private double _learningRate;
    private double _gradientScale;

    /// <summary>Makes an optimiser that has not taken a step.</summary>
    public Optimizer(OptimizerOptions options, NetworkParameters<T> parameters)
    {
        (_options, _parameters) = (options, parameters);
        _clipping = new(parameters.Length);
        MomentNames = OptimizerMoments.Names(options);
        Moments = new AlignedBuffer<T>[MomentNames.Length];
        for (int i = 0; i < Moments.Length; i++)
            Moments[i] = new(parameters.Length);
    }

    /// <summary>Gets PyTorch's names of what the rule remembers for each weight.</summary>
    public string[] MomentNames { get; }

    /// <summary>Gets what the rule remembers, laid out as the weights.</summary>
    public AlignedBuffer<T>[] Moments { get; }

    /// <summary>Gets or sets the number of steps taken.</summary>
    public long Step { get; set; }

    /// <summary>Clips, updates the weights, and clears the gradients.</summary>
    /// <returns>The norm of the gradients, before clipping by norm.</returns>
    public double Update(double learningRate, WorkerPool pool, int threads)
    {
        (_learningRate, Step) = (learningRate, Step + 1);
        // A share of less than some 100,000 weights is not worth waking a thread for.
        int shares = Math.Min(threads, 1 + (_clipping.Blocks / 16));
        pool.Run(shares, static (optimizer, share, shares) =>
            optimizer._clipping.Measure(optimizer._parameters.Gradients.Pointer, optimizer._options.ClipValue, share, shares), this);
        double norm = _clipping.Norm;
        // As torch.nn.utils.clip_grad_norm_.
        double scale = _options.ClipNorm / (norm + 1e-6);
        _gradientScale = _options.ClipNorm > 0 && scale < 1 ? scale : 1;
        pool.Run(shares, static (optimizer, share, shares) => optimizer.Update(share, shares), this);
        return norm;
    }

    private void Update(int share, int shares)
    {
        int first = (int)((long)_clipping.Blocks * share / shares) * GradientClipping<T, TVector>.Block;
        int last = Math.Min((int)((long)_clipping.Blocks * (share + 1) / shares) * GradientClipping<T, TVector>.Block, _parameters.Length);
        T* w = _parameters.Values.Pointer, g = _parameters.Gradients.Pointer;
        T* m = Moments.Length > 0 ? Moments[0].Pointer : null, v = Moments.Length > 1 ? Moments[1].Pointer : null;
        switch (_options.Kind)
        {
            case OptimizerKind.Sgd: Sgd(w, g, m, first, last); break;
            case OptimizerKind.Adagrad: Adagrad(w, g, m, first, last); break;
            case OptimizerKind.RmsProp: RmsProp(w, g, m, v, first, last); break;
            default: Adam(w, g, m, v, first, last); break;
        }

        new Span<T>(g + first, last - first).Clear();
    }

    private void Sgd(T* w, T* g, T* buffer, int first, int last)
    {
        TVector rate = Vector(-_learningRate), momentum = Vector(_options.Momentum), scale = Vector(_gradientScale),
            decay = Vector(_options.WeightDecay);
        for (int i = first; i < last; i += TVector.Lanes)
        {
            TVector weight = TVector.Load(w + i), step = TVector.MultiplyAdd(decay, weight, TVector.Load(g + i) * scale);
            if (buffer is not null)
            {
                step = TVector.MultiplyAdd(momentum, TVector.Load(buffer + i), step);
                TVector.Store(step, buffer + i);
            }

            TVector.Store(TVector.MultiplyAdd(rate, step, weight), w + i);
        }
    }

    private void Adagrad(T* w, T* g, T* sum, int first, int last)
    {
        TVector rate = Vector(_learningRate), epsilon = Vector(_options.EffectiveEpsilon), scale = Vector(_gradientScale),
            decay = Vector(_options.WeightDecay);
        for (int i = first; i < last; i += TVector.Lanes)
        {
            TVector weight = TVector.Load(w + i), gradient = TVector.MultiplyAdd(decay, weight, TVector.Load(g + i) * scale);
            TVector squares = TVector.MultiplyAdd(gradient, gradient, TVector.Load(sum + i));
            TVector.Store(squares, sum + i);
            TVector.Store(weight - (rate * gradient / (TVector.Sqrt(squares) + epsilon)), w + i);
        }
    }

    private void RmsProp(T* w, T* g, T* average, T* buffer, int first, int last)
    {
        TVector rate = Vector(-_learningRate), alpha = Vector(_options.Alpha), rest = Vector(1 - _options.Alpha),
            momentum = Vector(_options.Momentum);
        TVector epsilon = Vector(_options.EffectiveEpsilon), scale = Vector(_gradientScale), decay = Vector(_options.WeightDecay);
        for (int i = first; i < last; i += TVector.Lanes)
        {
            TVector weight = TVector.Load(w + i), gradient = TVector.MultiplyAdd(decay, weight, TVector.Load(g + i) * scale);
            TVector squares = TVector.MultiplyAdd(alpha, TVector.Load(average + i), rest * gradient * gradient);
            TVector.Store(squares, average + i);
            TVector step = gradient / (TVector.Sqrt(squares) + epsilon);
            if (buffer is not null)
            {
                step = TVector.MultiplyAdd(momentum, TVector.Load(buffer + i), step);
                TVector.Store(step, buffer + i);
            }

            TVector.Store(TVector.MultiplyAdd(rate, step, weight), w + i);
        }
    }

    private void Adam(T* w, T* g, T* mean, T* square, int first, int last)
    {
        bool decoupled = _options.Kind == OptimizerKind.AdamW;
        double correction = 1 - Math.Pow(_options.Beta1, Step), squareCorrection = 1 - Math.Pow(_options.Beta2, Step);
        TVector beta1 = Vector(_options.Beta1), rest1 = Vector(1 - _options.Beta1), beta2 = Vector(_options.Beta2),
            rest2 = Vector(1 - _options.Beta2);
        TVector rate = Vector(_learningRate / correction), root = Vector(1 / Math.Sqrt(squareCorrection)),
            epsilon = Vector(_options.EffectiveEpsilon);
        TVector scale = Vector(_gradientScale), decay = Vector(decoupled ? 0 : _options.WeightDecay),
            shrink = Vector(decoupled ? 1 - (_learningRate * _options.WeightDecay) : 1);
        for (int i = first; i < last; i += TVector.Lanes)
        {
            TVector weight = TVector.Load(w + i), gradient = TVector.MultiplyAdd(decay, weight, TVector.Load(g + i) * scale);
            TVector m = TVector.MultiplyAdd(beta1, TVector.Load(mean + i), rest1 * gradient);
            TVector v = TVector.MultiplyAdd(beta2, TVector.Load(square + i), rest2 * gradient * gradient);
            TVector.Store(m, mean + i);
            TVector.Store(v, square + i);
            TVector.Store((weight * shrink) - (rate * m / TVector.MultiplyAdd(TVector.Sqrt(v), root, epsilon)), w + i);
        }
    }

    private static TVector Vector(double value) => TVector.Create(T.CreateTruncating(value));
}
