using System.Numerics;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Training;

/// <summary>
/// The gradient of a private step. Each row runs forward and back as a minibatch of its own, so that its gradient is scaled down by its own
/// norm; rows run side by side, as many as there are threads, and are added up in their order, so that no number depends on how many
/// threads there are.
/// </summary>
internal sealed unsafe class PrivateGradients<T, TVector> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged, IVector<TVector, T>
{
    private readonly GradientPrivacy _privacy;
    private readonly ulong _seed;
    private readonly int _layers;
    private readonly NetworkParameters<T> _sum;
    private readonly WorkerPool _pool;
    private readonly Row[] _rows;
    private readonly int _shares;
    private Minibatch? _batch;
    private long _step;
    private int _first, _count;

    /// <summary>Makes the gradients of a network.</summary>
    /// <param name="config">The model.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="privacy">How its gradients are clipped and made noisy.</param>
    /// <param name="network">The network, whose weights are run and whose gradients are filled in.</param>
    public PrivateGradients(ModelConfig config, TrainingSessionOptions options, GradientPrivacy privacy,
        RecurrentNetwork<T, TVector> network)
    {
        (_privacy, _seed, _layers) = (privacy, options.Seed, config.Layers * config.Directions);
        (_sum, _pool) = (network.Parameters, network.Pool);
        _rows = new Row[privacy.RowsAtATime(options.Threads)];
        for (int i = 0; i < _rows.Length; i++)
            _rows[i] = new(new(config, options with { Threads = 1, Privacy = null }, _sum));
        // A share of less than some 100,000 weights is not worth waking a thread for.
        _shares = Math.Min(options.Threads, 1 + (_sum.Length >> 17));
    }

    /// <summary>Tells that the weights are others now.</summary>
    public void WeightsChanged()
    {
        foreach (Row row in _rows)
            row.Network.WeightsChanged();
    }

    /// <summary>Runs the rows of a minibatch, of which there may be none, and puts their noisy mean gradient in place of the
    /// network's.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="step">The step that noise and dropout masks are drawn for.</param>
    /// <returns>The loss, as a sum over the targets of all rows.</returns>
    public EvaluationResult Accumulate(Minibatch batch, long step)
    {
        (_batch, _step) = (batch, step);
        _sum.Gradients.Span.Clear();
        EvaluationResult total = default;
        for (_first = 0; _first < batch.BatchSize; _first += _count)
        {
            _count = Math.Min(_rows.Length, batch.BatchSize - _first);
            _pool.Run(_count, static (all, row, _) => all.Run(row), this);
            _pool.Run(_shares, static (all, share, shares) => all.Add(share, shares), this);
            for (int i = 0; i < _count; i++)
                total += _rows[i].Result;
        }

        _pool.Run(_shares, static (all, share, shares) => all.AddNoise(share, shares), this);
        _batch = null;
        return total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Row row in _rows)
            row.Network.Dispose();
    }

    private void Run(int index)
    {
        Row row = _rows[index];
        int sequence = _first + index;
        // Each row has dropout masks of its own.
        row.Result = row.Network.Accumulate(_batch!.Sequence(sequence, _layers), (_step << 32) | (uint)sequence);
        row.Norms.Measure(row.Network.Parameters.Gradients.Pointer, limit: 0, share: 0, shares: 1);
        double norm = row.Norms.Norm;
        // Of a gradient that is no number nothing may come through.
        row.Scale = !double.IsFinite(norm) ? 0 : norm > _privacy.ClipNorm ? _privacy.ClipNorm / norm : 1;
    }

    /// <summary>Adds one share of the clipped gradients of the rows that have run, and clears them.</summary>
    private void Add(int share, int shares)
    {
        int lines = _sum.Length / Axis.Padding;
        int start = (int)((long)lines * share / shares) * Axis.Padding, end = (int)((long)lines * (share + 1) / shares) * Axis.Padding;
        T* sum = _sum.Gradients.Pointer;
        for (int row = 0; row < _count; row++)
        {
            T* gradient = _rows[row].Network.Parameters.Gradients.Pointer;
            TVector scale = TVector.Create(T.CreateTruncating(_rows[row].Scale));
            for (int i = start; i < end && _rows[row].Scale > 0; i += TVector.Lanes)
                TVector.Store(TVector.MultiplyAdd(scale, TVector.Load(gradient + i), TVector.Load(sum + i)), sum + i);
            new Span<T>(gradient + start, end - start).Clear();
        }
    }

    /// <summary>Adds noise to one share of the sum, and divides it. Padding gets none.</summary>
    private void AddNoise(int share, int shares)
    {
        double deviation = _privacy.NoiseMultiplier * _privacy.ClipNorm, mean = 1 / _privacy.ExpectedRows;
        T* sum = _sum.Gradients.Pointer;
        long before = 0;
        foreach (Parameter parameter in _sum.All)
        {
            double[] noise = new double[parameter.Columns];
            for (int row = parameter.Rows * share / shares; row < parameter.Rows * (share + 1) / shares; row++)
            {
                GaussianNoise.Fill(_seed, (ulong)_step, RandomPurpose.PrivacyNoise, before + ((long)row * noise.Length), noise);
                for (int column = 0; column < noise.Length; column++)
                {
                    int i = parameter.Index(row, column);
                    sum[i] = T.CreateTruncating((double.CreateTruncating(sum[i]) + (deviation * noise[column])) * mean);
                }
            }

            before += (long)parameter.Rows * parameter.Columns;
        }
    }

    /// <summary>What one row at a time runs in.</summary>
    private sealed class Row(RecurrentNetwork<T, TVector> network)
    {
        public RecurrentNetwork<T, TVector> Network { get; } = network;

        public GradientClipping<T, TVector> Norms { get; } = new(network.Parameters.Length);

        public EvaluationResult Result { get; set; }

        public double Scale { get; set; }
    }
}
