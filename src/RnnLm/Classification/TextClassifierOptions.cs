using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>
/// Everything that makes a text classifier, in groups: <c>new TextClassifierOptions { Model = { HiddenSize = 100 }, Training = { Epochs = 20 } }</c>.
/// Of <see cref="Data"/>, batch size and row length count; texts are always rows.
/// </summary>
public class TextClassifierOptions
{
    /// <summary>Makes options with the default values.</summary>
    public TextClassifierOptions()
    {
    }

    /// <summary>Copies options, group by group.</summary>
    internal TextClassifierOptions(TextClassifierOptions other)
    {
        (Model, Classifier, Vocabulary) = (other.Model.Clone(), other.Classifier.Clone(), other.Vocabulary.Clone());
        (Data, Optimizer) = (other.Data.Clone(), other.Optimizer.Clone());
        (Training, Device) = (other.Training.Clone(), other.Device.Clone());
    }

    /// <summary>Gets the shape of the network.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>Gets how the network reads a text as a whole.</summary>
    public ClassifierOptions Classifier { get; init; } = new();

    /// <summary>Gets which characters the model knows.</summary>
    public VocabularyOptions Vocabulary { get; init; } = new();

    /// <summary>Gets how texts become minibatches.</summary>
    public DataOptions Data { get; init; } = new() { Mode = DataMode.Rows };

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
        Classifier.Check(faults);
        Vocabulary.Check(faults);
        Data.Check(faults);
        Optimizer.Check(faults);
        Training.Check(faults);
        Device.Check(faults);
        if (Data.Mode != DataMode.Rows)
            faults.Add(OptionIds.Mode, $"is {Data.Mode}, but a classifier reads rows; leave it at {DataMode.Rows}");
        if (Data.KeepTextFilter)
            faults.Add(OptionIds.KeepTextFilter, "is for language models, which may write what they were trained on; leave it off");
        if (Model.TieWeights)
            faults.Add(OptionIds.TieWeights, "is for language models; a classifier's outputs are classes, not characters");
        if (Training.TeacherForcingRatio != 1)
            faults.Add(OptionIds.TeacherForcingRatio, "is for language models; leave it at 1");
        if (Training.LossReduction != LossReduction.Mean)
            faults.Add(OptionIds.LossReduction, $"is for language models; leave it at {LossReduction.Mean}");
    }
}
