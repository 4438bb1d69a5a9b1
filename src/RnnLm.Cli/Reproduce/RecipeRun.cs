namespace RnnLm.Cli.Reproduce;

/// <summary>Where an experiment runs, and who is told of it.</summary>
/// <param name="Device">Engine and device.</param>
/// <param name="Seed">The seed of everything random.</param>
/// <param name="Output">What people read.</param>
/// <param name="Progress">Who is told of the progress of training.</param>
/// <param name="CancellationToken">Stops it.</param>
internal sealed record RecipeRun(
    DeviceOptions Device, long Seed, TextWriter Output, IProgress<TrainingProgress>? Progress, CancellationToken CancellationToken)
{
    /// <summary>Gets options that run here, to be filled in by the experiment.</summary>
    public LanguageModelOptions NewOptions()
    {
        var options = new LanguageModelOptions
        {
            Device = Device,
            Sampling = { Seed = Seed },
            Training = { Seed = Seed, Progress = Progress, CancellationToken = CancellationToken, OnCancel = CancellationBehavior.Throw },
        };
        return options;
    }

    /// <summary>Shows what a model writes.</summary>
    public void Show(string heading, string text)
    {
        Output.WriteLine($"--- {heading}");
        Output.WriteLine(text);
        Output.WriteLine("---");
    }
}
