using static TorchSharp.torch;

namespace RnnLm.TorchSharp;

/// <summary>Losses and norms of the updates since the last look. They stay on the device, so that no step waits for it.</summary>
internal sealed class StatisticsLog : IDisposable
{
    private readonly List<(Tensor Loss, Tensor Norm, double Weight, long Targets)> _updates = [];
    private Tensor? _loss;
    private double _weight;
    private long _targets;

    /// <summary>Adds a batch to the update under way.</summary>
    /// <param name="lossSum">The sum of its losses. // []</param>
    /// <param name="weight">By what the sum is to be divided for the mean.</param>
    /// <param name="targets">The number of targets.</param>
    public void AddBatch(Tensor lossSum, double weight, long targets)
    {
        if (_loss is null)
            _loss = lossSum.detach().DetachFromDisposeScope();
        else
            _loss.add_(lossSum.detach());
        _weight += weight;
        _targets += targets;
    }

    /// <summary>Ends an update.</summary>
    /// <param name="norm">The norm of its gradients. // []</param>
    public void EndUpdate(Tensor norm)
    {
        _updates.Add((_loss ?? zeros_like(norm).DetachFromDisposeScope(), norm.DetachFromDisposeScope(), _weight, _targets));
        Begin();
    }

    /// <summary>Copies what has gathered to the host, all at once, and forgets it.</summary>
    public IReadOnlyList<StepStatistics> Take()
    {
        if (_updates.Count == 0)
            return [];
        using DisposeScope scope = NewDisposeScope();
        var values = new float[2 * _updates.Count];
        HostArrays.Read(stack([.. _updates.Select(update => update.Loss), .. _updates.Select(update => update.Norm)]), values);
        var statistics = new StepStatistics[_updates.Count];
        for (int i = 0; i < statistics.Length; i++)
            statistics[i] = new(_updates[i].Weight > 0 ? values[i] / _updates[i].Weight : 0, _updates[i].Targets, values[statistics.Length + i]);
        DisposeUpdates();
        return statistics;
    }

    public void Dispose()
    {
        _loss?.Dispose();
        Begin();
        DisposeUpdates();
    }

    private void Begin() => (_loss, _weight, _targets) = (null, 0, 0);

    private void DisposeUpdates()
    {
        foreach ((Tensor loss, Tensor norm, _, _) in _updates)
        {
            loss.Dispose();
            norm.Dispose();
        }

        _updates.Clear();
    }
}
