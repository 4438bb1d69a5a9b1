using System.Diagnostics;

namespace RnnLm.Peers;

/// <summary>Measures how often a step is done in a second.</summary>
internal static class Rate
{
    private const int WarmUpSteps = 20;
    private const double WarmUpSeconds = 0.8;

    public static double Of(Action step, double seconds)
    {
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < WarmUpSteps || watch.Elapsed.TotalSeconds < WarmUpSeconds; i++)
            step();
        watch.Restart();
        int steps = 0;
        for (; watch.Elapsed.TotalSeconds < seconds; steps++)
            step();
        return steps / watch.Elapsed.TotalSeconds;
    }
}
