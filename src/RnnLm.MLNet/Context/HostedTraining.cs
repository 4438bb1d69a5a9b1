using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.Context;

/// <summary>Gives a training the host's log, cancellation, seed and devices where the options leave them open.</summary>
internal sealed class HostedTraining : IDisposable
{
    private readonly HostCancellation _cancellation;

    /// <param name="host">The trainer's host.</param>
    /// <param name="environment">The environment that the trainer was made in, whose settings may have changed since.</param>
    /// <param name="training">The options, a copy of the user's; changed.</param>
    /// <param name="device">The options, a copy of the user's; changed.</param>
    /// <param name="classifies">Whether labels of texts are predicted, rather than characters.</param>
    public HostedTraining(IHost host, IHostEnvironment environment, TrainingOptions training, DeviceOptions device, bool classifies = false)
    {
        var log = new HostLog(host, "Training a recurrent network", training.Log, classifies);
        _cancellation = new HostCancellation(host, training.CancellationToken);
        training.Log = log;
        training.Progress = new HostProgress(log, training.Progress);
        training.CancellationToken = _cancellation.Token;
        training.Seed ??= HostAccess.GetSeed(environment);
        HostDevices.Fill(environment, device);
    }

    public void Dispose() => _cancellation.Dispose();
}
