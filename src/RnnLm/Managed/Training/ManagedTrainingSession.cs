using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Modeling;

namespace RnnLm.Managed.Training;

/// <summary>Trains a model on the CPU in plain C#.</summary>
internal sealed class ManagedTrainingSession<TVector> : ITrainingSession
    where TVector : unmanaged, IVector<TVector, float>
{
    private const string Hidden = "carried.state", Counters = "counters";

    private readonly ModelConfig _config;
    private readonly TrainingSessionOptions _options;
    private readonly RecurrentNetwork<float, TVector> _network;
    private readonly Optimizer<float, TVector> _optimizer;
    private readonly PrivateGradients<float, TVector>? _private;
    private readonly List<StepStatistics> _statistics = new(1024);
    private double _loss;
    private long _targets;
    private int _batches;
    private long _step;

    /// <summary>Starts to train.</summary>
    public ManagedTrainingSession(ModelConfig config, ModelWeights weights, TrainingSessionOptions options)
    {
        (_config, _options) = (config, options);
        _network = new(config, options);
        _optimizer = new(options.Optimizer, _network.Parameters);
        _private = options.Privacy is null ? null : new(config, options, options.Privacy, _network);
        WriteWeights(weights);
    }

    /// <inheritdoc/>
    public void Accumulate(Minibatch batch)
    {
        EvaluationResult result = _private?.Accumulate(batch, _step) ?? _network.Accumulate(batch, _step);
        _step++;
        _loss += result.Targets > 0 ? result.Loss : 0;
        _targets += result.Targets;
        _batches++;
    }

    /// <inheritdoc/>
    public void Update(double learningRate)
    {
        double norm = _optimizer.Update(learningRate, _network.Pool, _options.Threads);
        WeightsChanged();
        _statistics.Add(new(_loss / Math.Max(_batches, 1), _targets, norm));
        (_loss, _targets, _batches) = (0, 0, 0);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StepStatistics> TakeStatistics()
    {
        StepStatistics[] taken = [.. _statistics];
        _statistics.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public EvaluationResult Evaluate(Minibatch batch) => _network.Evaluate(batch);

    /// <inheritdoc/>
    public void ReadWeights(ModelWeights destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _network.Parameters.Read(_network.Parameters.Values, destination);
    }

    /// <inheritdoc/>
    public void WriteWeights(ModelWeights source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _network.Parameters.WriteValues(source);
        WeightsChanged();
    }

    /// <inheritdoc/>
    public void ReadGradients(ModelWeights destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _network.Parameters.Read(_network.Parameters.Gradients, destination);
    }

    /// <inheritdoc/>
    public IReadOnlyList<WeightTensor> SaveState()
    {
        var state = new List<WeightTensor>();
        var counters = new WeightTensor(Counters, 2 * SavedCounter.Words);
        SavedCounter.Write(_optimizer.Step, counters.Values);
        SavedCounter.Write(_step, counters.Values.AsSpan(SavedCounter.Words));
        state.Add(counters);
        for (int i = 0; i < _optimizer.Moments.Length; i++)
        {
            foreach (Parameter parameter in _network.Parameters.All)
            {
                var tensor = new WeightTensor(MomentName(i, parameter), parameter.Shape);
                parameter.Read<float>(_optimizer.Moments[i].Span, tensor.Values);
                state.Add(tensor);
            }
        }

        RecurrentState<float> carried = _network.TrainingState;
        if (carried.BatchSize > 0)
        {
            var tensor = new WeightTensor(Hidden, carried.Count, carried.BatchSize, _config.HiddenSize);
            carried.Read(tensor.Values);
            state.Add(tensor);
        }

        return state;
    }

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyList<WeightTensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Dictionary<string, WeightTensor> byName = state.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        float[] counters = Find(byName, Counters, [2 * SavedCounter.Words]).Values;
        long optimizerStep = SavedCounter.Read(counters, Counters), step = SavedCounter.Read(counters.AsSpan(SavedCounter.Words), Counters);
        for (int i = 0; i < _optimizer.Moments.Length; i++)
        {
            foreach (Parameter parameter in _network.Parameters.All)
                Find(byName, MomentName(i, parameter), parameter.Shape);
        }

        RecurrentState<float> carried = _network.TrainingState;
        byName.TryGetValue(Hidden, out WeightTensor? hidden);
        if (hidden is not null && (hidden.Shape.Length != 3 || hidden.Shape[0] != carried.Count || hidden.Shape[2] != _config.HiddenSize))
            throw WrongShape(hidden, [carried.Count, -1, _config.HiddenSize]);

        // Only now that all is there is anything changed.
        (_optimizer.Step, _step) = (optimizerStep, step);
        for (int i = 0; i < _optimizer.Moments.Length; i++)
        {
            _optimizer.Moments[i].Span.Clear();
            foreach (Parameter parameter in _network.Parameters.All)
                parameter.Write(byName[MomentName(i, parameter)].Values, _optimizer.Moments[i].Span);
        }

        carried.Clear();
        if (hidden is not null)
            carried.Write(hidden.Values, hidden.Shape[1]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _private?.Dispose();
        _network.Dispose();
    }

    private void WeightsChanged()
    {
        _network.WeightsChanged();
        _private?.WeightsChanged();
    }

    private string MomentName(int moment, Parameter parameter) => $"{_optimizer.MomentNames[moment]}.{parameter.Name}";

    private static WeightTensor Find(Dictionary<string, WeightTensor> tensors, string name, int[] shape)
    {
        if (!tensors.TryGetValue(name, out WeightTensor? tensor))
            throw new FormatException($"The training state lacks '{name}'; it was saved by another optimiser or model.");
        return tensor.Shape.AsSpan().SequenceEqual(shape) ? tensor : throw WrongShape(tensor, shape);
    }

    private static FormatException WrongShape(WeightTensor tensor, int[] expected) =>
        new($"The training state's '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}], but this model needs "
        + $"[{string.Join(", ", expected.Select(n => n < 0 ? "any" : $"{n}"))}].");
}
