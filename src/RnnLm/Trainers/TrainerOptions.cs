using RnnLm.Diagnostics;
using RnnLm.Modeling;
using RnnLm.Trainers;

namespace RnnLm;

/// <summary>
/// What the training of every kind of model can be told, in groups. Each kind adds the groups <c>Model</c>, <c>Data</c> and
/// <c>Training</c>, with the options that it has. Options are checked, all faults in one message, and copied when training begins.
/// </summary>
public abstract class TrainerOptions
{
    private protected TrainerOptions()
    {
    }

    /// <summary>Copies the groups that are the same for every kind.</summary>
    private protected TrainerOptions(TrainerOptions other) =>
        (Vocabulary, Optimizer, Device) = (other.Vocabulary.Clone(), other.Optimizer.Clone(), other.Device.Clone());

    /// <summary>Gets which characters the model knows.</summary>
    public VocabularyOptions Vocabulary { get; init; } = new();

    /// <summary>Gets how gradients change weights.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Gets where the model is trained and run.</summary>
    public DeviceOptions Device { get; init; } = new();

    /// <summary>Gets what the model predicts.</summary>
    internal abstract ModelTask Task { get; }

    /// <summary>Gets the shape of the network, as far as every kind has it.</summary>
    internal abstract ModelOptions CommonModel { get; }

    /// <summary>Gets how text becomes minibatches, as far as every kind has it.</summary>
    internal abstract DataOptions CommonData { get; }

    /// <summary>Gets how long the model is trained, what is watched and what is kept, as far as every kind has it.</summary>
    internal abstract TrainingOptions CommonTraining { get; }

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
        CommonModel.Check(faults);
        Vocabulary.Check(faults);
        CommonData.Check(faults);
        Optimizer.Check(faults);
        CommonTraining.Check(faults);
        Device.Check(faults);
        PrivacyCheck.Check(this, faults);
    }
}
