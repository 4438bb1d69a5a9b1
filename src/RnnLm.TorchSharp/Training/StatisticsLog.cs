using RnnLm.Engines;
using RnnLm.TorchSharp.Memory;
using static TorchSharp.torch;

namespace RnnLm.TorchSharp.Training;

/// <summary>Losses and norms of the updates since the last look. They stay on the device, so that no step waits for it.</summary>
internal sealed class StatisticsLog : IDisposable
{
    private readonly List<(Tensor Loss, Tensor Norm, int Batches, long Targets)> _updates = [];
    private Tensor? _loss;
    private int _batches;
    private long _targets;

    /// <summary>Adds a batch to the update under way.</summary>
    /// <param name="loss">The mean of its losses. // []</param>
    /// <param name="targets">The number of targets.</param>
    public void AddBatch(Tensor loss, long targets)
    {
        if (_loss is null)
            _loss = loss.detach().DetachFromDisposeScope();
        else
            _loss.Add(loss.detach());
        _batches++;
        _targets += targets;
    }

    /// <summary>Ends an update.</summary>
    /// <param name="norm">The norm of its gradients. // []</param>
    public void EndUpdate(Tensor norm)
    {
        _updates.Add((_loss ?? zeros_like(norm).DetachFromDisposeScope(), norm.DetachFromDisposeScope(), Math.Max(1, _batches), _targets));
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
            statistics[i] = new(values[i] / _updates[i].Batches, _updates[i].Targets, values[statistics.Length + i]);
        DisposeUpdates();
        return statistics;
    }

    public void Dispose()
    {
        _loss?.Dispose();
        Begin();
        DisposeUpdates();
    }

    private void Begin() => (_loss, _batches, _targets) = (null, 0, 0);

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
