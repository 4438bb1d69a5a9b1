using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.Context;

/// <summary>Gives a training the host's log, cancellation, seed and devices where the options leave them open.</summary>
internal sealed class HostedTraining : IDisposable
{
    private readonly HostCancellation _cancellation;

    /// <param name="host">The trainer's host.</param>
    /// <param name="environment">The environment that the trainer was made in, whose settings may have changed since.</param>
    /// <param name="options">The options, a copy of the user's; changed.</param>
    public HostedTraining(IHost host, IHostEnvironment environment, TrainerOptions options)
    {
        TrainingOptions training = options.CommonTraining;
        var log = new HostLog(host, "Training a recurrent network", training.Log, options.Task);
        _cancellation = new HostCancellation(host, training.CancellationToken);
        training.Log = log;
        training.Progress = new HostProgress(log, training.Progress);
        training.CancellationToken = _cancellation.Token;
        training.Seed ??= HostAccess.GetSeed(environment);
        HostDevices.Fill(environment, options.Device);
    }

    public void Dispose() => _cancellation.Dispose();
}
