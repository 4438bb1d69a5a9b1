using RnnLm.Diagnostics;
using RnnLm.Trainers;

namespace RnnLm;

/// <summary>What the training of every kind of model can be told, in groups. Options are checked, all faults in one message, and copied
/// when training begins.</summary>
public abstract class TrainerOptions
{
    private protected TrainerOptions()
    {
    }

    /// <summary>Copies options, group by group.</summary>
    private protected TrainerOptions(TrainerOptions other)
    {
        (Model, Vocabulary, Data) = (other.Model.Clone(), other.Vocabulary.Clone(), other.Data.Clone());
        (Optimizer, Training, Device) = (other.Optimizer.Clone(), other.Training.Clone(), other.Device.Clone());
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
        PrivacyCheck.Check(this, faults);
    }
}
