namespace RnnLm.Cli.Options;

/// <summary>A section of a configuration: the options of one group, as keys.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Description">What it is about.</param>
/// <param name="Group">Its options.</param>
/// <param name="Target">Finds the object that they set.</param>
internal sealed record ConfigSection(string Name, string Description, OptionGroup Group, Func<TrainingConfig, object> Target);
