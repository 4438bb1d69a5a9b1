using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>
/// Everything that makes a language model out of text, in groups:
/// <c>new LanguageModelOptions { Model = { HiddenSize = 128 }, Training = { Epochs = 3 } }</c>. Options are checked, all faults in one
/// message, and copied when training begins.
/// </summary>
public class LanguageModelOptions : TrainerOptions
{
    /// <summary>Makes options with the default values.</summary>
    public LanguageModelOptions()
    {
    }

    /// <summary>Copies options, group by group.</summary>
    internal LanguageModelOptions(LanguageModelOptions other)
        : base(other) => Sampling = other.Sampling.Clone();

    /// <summary>Gets how the model writes where nothing else is said; saved with it.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    internal override void Check(OptionFaults faults)
    {
        base.Check(faults);
        Sampling.Check(faults);
        if (Training.BestBy == ValidationMetric.MacroF1)
            faults.Add(OptionIds.BestBy,
                $"is {Training.BestBy}, which is for classifiers; choose {ValidationMetric.Loss} or {ValidationMetric.Accuracy}");
    }
}
