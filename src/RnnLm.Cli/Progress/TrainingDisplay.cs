using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Progress;

/// <summary>Shows how training goes on.</summary>
internal abstract class TrainingDisplay : IProgress<TrainingProgress>, IProgress<LogMessage>
{
    /// <summary>Makes the display that fits: JSON where it is asked for, a live one on a terminal, else lines.</summary>
    public static TrainingDisplay Create(CommandContext context, bool json, int epochs, TargetWords target)
    {
        if (json)
            return new JsonDisplay(context.Output) { Words = context.Words };
        return context.Status.Profile.Capabilities.Ansi
            ? new LiveDisplay(context.Status, epochs, target) { Words = context.Words }
            : new LineDisplay(context.Status.Profile.Out.Writer, epochs, target) { Words = context.Words };
    }

    /// <summary>Gets the words for options in messages.</summary>
    public OptionWords Words { get; init; } = OptionWords.CSharp;

    /// <summary>Runs training under the display.</summary>
    public virtual T Run<T>(Func<T> train) => train();

    /// <inheritdoc/>
    public abstract void Report(TrainingProgress value);

    /// <inheritdoc/>
    public abstract void Report(LogMessage value);
}
