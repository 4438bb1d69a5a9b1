using RnnLm;

namespace Quickstart;

/// <summary>Prints a line for each epoch.</summary>
internal sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.ValidationLoss is { } loss)
        {
            Console.WriteLine($"epoch {value.Epoch,2}: {loss:F3} nats per character on validation data, perplexity {value.Perplexity:F2}; "
                + $"{value.CharactersPerSecond:N0} characters/s, {value.Remaining:mm\\:ss} left");
        }
    }
}
