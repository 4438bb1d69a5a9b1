using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Progress;

/// <summary>Lines for a file or another program: each evaluation, and between them now and then how far training is.</summary>
internal sealed class LineDisplay(TextWriter output, int epochs, TargetWords target) : TrainingDisplay
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private TimeSpan _last;

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        if (value.ValidationLoss is null && value.Elapsed - _last < Interval)
            return;
        _last = value.Elapsed;
        output.WriteLine(string.Join("  ", ProgressText.Parts(value, epochs, target)));
    }

    /// <inheritdoc/>
    public override void Report(LogMessage value) =>
        output.WriteLine((value.Severity == LogSeverity.Warning ? "warning: " : "") + CommandContext.OneLine(value.Describe(Words)));
}
