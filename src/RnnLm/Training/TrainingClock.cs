using System.Diagnostics;

namespace RnnLm.Training;

/// <summary>How far training has come, by steps and by time.</summary>
internal sealed class TrainingClock(TrainingOptions options, long? totalSteps)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _earlier, _lastReport;

    public long? TotalSteps => totalSteps;

    /// <summary>Gets the time spent, in earlier runs that this one goes on from too.</summary>
    public TimeSpan Elapsed => _earlier + _watch.Elapsed;

    public TimeSpan SinceReport => _watch.Elapsed - _lastReport;

    /// <summary>Goes on from an earlier run.</summary>
    public void Resume(TimeSpan earlier) => _earlier = earlier;

    public void MarkReport() => _lastReport = _watch.Elapsed;

    public StopReason? IsOver(long step) =>
        step >= totalSteps ? StopReason.Completed
        : options.MaxMinutes > 0 && Elapsed.TotalMinutes >= options.MaxMinutes ? StopReason.TimeUp
        : null;

    /// <summary>Returns how much of the training is done, by steps or by time, whichever is further.</summary>
    public double Fraction(long step)
    {
        double bySteps = totalSteps is { } total ? (double)step / total : 0;
        double byTime = options.MaxMinutes > 0 ? Elapsed.TotalMinutes / options.MaxMinutes : 0;
        return Math.Clamp(Math.Max(bySteps, byTime), 0, 1);
    }

    /// <summary>Returns the share of the training that a number of steps is, where steps bound it; else 0.</summary>
    public double ShareOf(long steps) => totalSteps is { } total ? Math.Min(1, (double)steps / total) : 0;

    public TimeSpan? Remaining(long step)
    {
        double fraction = Fraction(step);
        return fraction > 0 ? Elapsed * ((1 - fraction) / fraction) : null;
    }
}
