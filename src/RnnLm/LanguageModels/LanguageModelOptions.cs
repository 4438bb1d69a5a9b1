using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>
/// Everything that makes a language model out of text, in groups: <c>new LanguageModelOptions { Model = { HiddenSize = 128 }, Training = { Epochs = 3 } }</c>.
/// Options are checked, all faults in one message, and copied when training begins.
/// </summary>
public class LanguageModelOptions
{
    /// <summary>Makes options with the default values.</summary>
    public LanguageModelOptions()
    {
    }

    /// <summary>Copies options, group by group.</summary>
    internal LanguageModelOptions(LanguageModelOptions other)
    {
        (Model, Vocabulary, Data) = (other.Model.Clone(), other.Vocabulary.Clone(), other.Data.Clone());
        (Optimizer, Training) = (other.Optimizer.Clone(), other.Training.Clone());
        (Device, Sampling) = (other.Device.Clone(), other.Sampling.Clone());
    }

    /// <summary>Gets the shape of the network.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>Gets which characters the model knows.</summary>
    public VocabularyOptions Vocabulary { get; init; } = new();

    /// <summary>Gets how text becomes minibatches.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>Gets how gradients change weights.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Gets how long the model is trained, what is watched and what is kept.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Gets where the model is trained and run.</summary>
    public DeviceOptions Device { get; init; } = new();

    /// <summary>Gets how the model writes where nothing else is said; saved with it.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Checks all options.</summary>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        Check(faults);
        faults.ThrowIfAny("options");
    }

    internal virtual void Check(OptionFaults faults)
    {
        Model.Check(faults);
        Vocabulary.Check(faults);
        Data.Check(faults);
        Optimizer.Check(faults);
        Training.Check(faults);
        Device.Check(faults);
        Sampling.Check(faults);
        if (Training.BestBy == ValidationMetric.MacroF1)
            faults.Add(OptionIds.BestBy, $"is {Training.BestBy}, which is for classifiers; choose {ValidationMetric.Loss} or {ValidationMetric.Accuracy}");
    }
}
