using Microsoft.ML.Runtime;
using RnnLm.Modeling;

namespace RnnLm.MLNet.Context;

/// <summary>
/// Passes on to the log of an <c>MLContext</c>, and to a listener of the user's, what the core reports. None of it holds users' text.
/// </summary>
/// <param name="provider">The context or a part of it.</param>
/// <param name="activity">What is being done.</param>
/// <param name="listener">The listener, or null.</param>
/// <param name="task">What the model predicts, which is what progress is told in.</param>
internal sealed class HostLog(
    IChannelProvider provider, string activity, IProgress<LogMessage>? listener = null, ModelTask task = ModelTask.LanguageModel)
    : IProgress<LogMessage>, IProgress<TrainingProgress>
{
    public static HostLog For(IChannelProvider provider) => new(provider, "Running a recurrent network");

    public void Report(LogMessage value)
    {
        using (IChannel channel = provider.Start(activity))
        {
            if (value.Severity == LogSeverity.Warning)
                channel.Warning(MessageSensitivity.None, value.Text);
            else
                channel.Info(MessageSensitivity.None, value.Text);
        }

        listener?.Report(value);
    }

    public void Report(TrainingProgress value)
    {
        using IChannel channel = provider.Start(activity);
        channel.Info(MessageSensitivity.None, Describe(value));
    }

    private string Describe(TrainingProgress progress)
    {
        string steps = progress.TotalSteps is { } total ? $"{progress.Step:N0} of {total:N0}" : $"{progress.Step:N0}";
        string validation = progress.ValidationLoss is { } loss ? $"; validation loss {loss:F4}" : "";
        string remaining = progress.Remaining is { } time ? $"; {time:hh\\:mm\\:ss} left" : "";
        (string quality, string targets) = task == ModelTask.LanguageModel
            ? ($"; perplexity {progress.Perplexity:F3}", "characters")
            : (progress.ValidationAccuracy is { } accuracy ? $"; accuracy {accuracy:F4}" : "", "texts");
        return $"Epoch {progress.Epoch}, step {steps}: loss {progress.Loss:F4}{validation}{quality}; "
            + $"{progress.CharactersPerSecond:N0} {targets}/s{remaining}";
    }
}
