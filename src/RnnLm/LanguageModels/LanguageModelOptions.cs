using RnnLm.Diagnostics;
using RnnLm.Modeling;
using RnnLm.Trainers;

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
        : base(other) =>
        (Model, Data, Training, Sampling) = (other.Model.Clone(), other.Data.Clone(), other.Training.Clone(), other.Sampling.Clone());

    /// <summary>Gets the shape of the network.</summary>
    public LanguageModelNetworkOptions Model { get; init; } = new();

    /// <summary>Gets how text becomes minibatches.</summary>
    public LanguageModelDataOptions Data { get; init; } = new();

    /// <summary>Gets how long the model is trained, by what loss, what is watched and what is kept.</summary>
    public LanguageModelTrainingOptions Training { get; init; } = new();

    /// <summary>Gets how the model writes where nothing else is said; saved with it.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    internal override ModelTask Task => ModelTask.LanguageModel;

    internal override ModelOptions CommonModel => Model;

    internal override DataOptions CommonData => Data;

    internal override TrainingOptions CommonTraining => Training;

    internal override void Check(OptionFaults faults)
    {
        base.Check(faults);
        Sampling.Check(faults);
        if (Training.IsPrivate)
            PrivacyCheck.Check(Data, faults);
        if (Training.BestBy == ValidationMetric.MacroF1)
            faults.Add(OptionIds.BestBy,
                $"is {Training.BestBy}, which is for classifiers; choose {ValidationMetric.Loss} or {ValidationMetric.Accuracy}");
    }
}
