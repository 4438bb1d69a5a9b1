namespace RnnLm.MLNet.Context;

/// <summary>Tells two listeners of the progress of training.</summary>
internal sealed class HostProgress(IProgress<TrainingProgress> first, IProgress<TrainingProgress>? second) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        first.Report(value);
        second?.Report(value);
    }
}
