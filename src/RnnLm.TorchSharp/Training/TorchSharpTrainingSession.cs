using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.TorchSharp.Devices;
using RnnLm.TorchSharp.Memory;
using RnnLm.TorchSharp.Modeling;
using RnnLm.TorchSharp.Training.Optimizers;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training;

/// <summary>A model being trained on libtorch.</summary>
internal sealed class TorchSharpTrainingSession : ITrainingSession
{
    private readonly TrainingSessionOptions _options;
    private readonly BatchLoss _loss;
    private readonly CharRnnModule _module;
    private readonly BatchPass _pass;
    private readonly FlatParameters _parameters;
    private readonly FlatOptimizer _optimizer;
    private readonly LossScaler? _scaler;
    private readonly DropoutMasks? _dropout;
    private readonly StatisticsLog _statistics = new();
    private readonly CarriedState _trained = new(), _evaluated = new();
    private bool _disposed;

    /// <param name="config">The model.</param>
    /// <param name="weights">The weights to start from; copied.</param>
    /// <param name="options">How the weights are updated.</param>
    /// <param name="device">Where.</param>
    /// <param name="dtype">
    /// The type of weights and activations in forward and backward pass; in 16 bits the loss is scaled, and the weights that are updated
    /// keep 32.
    /// </param>
    /// <param name="copied">Whether several fused calls read copies; <see langword="null"/> for what the device needs.</param>
    public TorchSharpTrainingSession(ModelConfig config, ModelWeights weights, TrainingSessionOptions options, Device device,
        ScalarType dtype, bool? copied = null)
    {
        _options = options;
        TorchThreads.Use(options.Threads);
        if (device.type == DeviceType.CPU)
            HostMemory.KeepFreed();
        using DisposeScope scope = NewDisposeScope();
        _module = CharRnnModule.Create(config, device, dtype, options.Dropout);
        _pass = BatchPass.Create(_module, config);
        _loss = new BatchLoss(config, options, device);
        _parameters = new FlatParameters(_module, weights, copied);
        _optimizer = FlatOptimizer.Create(options.Optimizer, _parameters.Values);
        _scaler = dtype == ScalarType.Float32 ? null : new LossScaler();
        _dropout = options.Dropout == DropoutRates.None ? null : new DropoutMasks(options.Seed);
    }

    public void Accumulate(Minibatch batch)
    {
        using DisposeScope scope = Begin();
        using IDisposable grad = enable_grad();
        _dropout?.Next();
        using DroppedWeights? dropped = _options.Dropout.Recurrent > 0
            ? _parameters.DropRecurrent(_dropout!, _options.Dropout.Recurrent)
            : null;
        (Tensor logits, RecurrentState? state) = _pass.Forward(batch, _trained.Value, _dropout);
        Tensor loss = _loss.Training(logits, batch, _pass.Targets(batch));
        _parameters.ExpectGradients();
        loss.Times(_loss.Scale(batch) * Factor).backward();
        _statistics.AddBatch(loss, batch.CountTargets());
        _trained.Set(state);
    }

    public void Update(double learningRate)
    {
        using DisposeScope scope = Begin();
        using IDisposable noGrad = no_grad();
        Tensor gradients = _parameters.Gradients();
        if (_scaler is not null)
            gradients.DivideBy(Factor);
        OptimizerOptions optimizer = _options.Optimizer;
        if (optimizer.ClipValue > 0)
            gradients.Limit(-optimizer.ClipValue, optimizer.ClipValue);
        Tensor norm = gradients.norm();
        bool overflow = Overflows(norm);
        if (!overflow)
        {
            if (optimizer.ClipNorm > 0)
                gradients.mul_(norm.Plus(1e-6).reciprocal().MultiplyBy(optimizer.ClipNorm).Limit(0, 1));
            _optimizer.Step(_parameters.Values, gradients, learningRate);
            _parameters.Publish();
        }

        _parameters.ClearGradients();
        // A step that is left out has no norm to speak of, and is no sign that training diverges.
        _statistics.EndUpdate(overflow ? zeros_like(norm) : norm);
    }

    public IReadOnlyList<StepStatistics> TakeStatistics()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _statistics.Take();
    }

    public EvaluationResult Evaluate(Minibatch batch)
    {
        using DisposeScope scope = Begin();
        using IDisposable noGrad = no_grad();
        (Tensor logits, RecurrentState? state) = _pass.Forward(batch, _evaluated.Value, dropout: null);
        Tensor targets = _pass.Targets(batch);
        Tensor predicted = logits.argmax(1);
        var figures = new float[2 * targets.numel()];   // [2, T·B] or [2, B]
        HostArrays.Read(stack([BatchLoss.Evaluation(logits, targets), predicted.eq(targets).to(ScalarType.Float32)]), figures);
        _evaluated.Set(state);
        return _pass.Complete(Sum(batch, figures), batch, figures.AsSpan(0, figures.Length / 2), predicted);
    }

    public void ReadWeights(ModelWeights destination)
    {
        using DisposeScope scope = Begin();
        _parameters.Read(destination);
    }

    public void WriteWeights(ModelWeights source)
    {
        using DisposeScope scope = Begin();
        using IDisposable noGrad = no_grad();
        _parameters.Write(source);
    }

    public void ReadGradients(ModelWeights destination)
    {
        using DisposeScope scope = Begin();
        _parameters.ReadGradients(destination, Factor);
    }

    public IReadOnlyList<WeightTensor> SaveState()
    {
        using DisposeScope scope = Begin();
        return [.. _optimizer.Save(), .. _dropout?.Save() ?? [], .. _scaler?.Save() ?? [], .. _parameters.SaveGradients(),
            .. _trained.Save()];
    }

    public void RestoreState(IReadOnlyList<WeightTensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using DisposeScope scope = Begin();
        using IDisposable noGrad = no_grad();
        _optimizer.Restore(state);
        _dropout?.Restore(state);
        _scaler?.Restore(state);
        _parameters.RestoreGradients(state);
        _trained.Restore(state, _module);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _statistics.Dispose();
        _trained.Dispose();
        _evaluated.Dispose();
        _dropout?.Dispose();
        _optimizer.Dispose();
        _parameters.Dispose();
        _module.Dispose();
        HostMemory.ReturnFreed();
    }

    /// <summary>Adds up what came of each target, in double precision: single precision would lose digits over a whole batch.</summary>
    private static EvaluationResult Sum(Minibatch batch, ReadOnlySpan<float> figures)
    {
        ReadOnlySpan<float> losses = figures[..(figures.Length / 2)], right = figures[(figures.Length / 2)..];
        double sum = 0;
        long correct = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            sum += losses[i];
            correct += (long)right[i];
        }

        return new(sum, batch.CountTargets(), correct);
    }

    /// <summary>Gets the factor of the loss, 1 but in mixed precision.</summary>
    private float Factor => _scaler?.Scale ?? 1;

    /// <summary>What every call begins with; dispose scopes and the number of threads belong to the thread that calls.</summary>
    private DisposeScope Begin()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TorchThreads.Use(_options.Threads);
        return NewDisposeScope();
    }

    /// <summary>Says, in mixed precision, whether a gradient left the range of its numbers. PyTorch's GradScaler too waits for the device
    /// here.</summary>
    private bool Overflows(Tensor norm)
    {
        if (_scaler is null)
            return false;
        bool overflow = !float.IsFinite(norm.item<float>());
        _scaler.Observe(overflow);
        return overflow;
    }
}
