using RnnLm.Diagnostics;
using RnnLm.Modeling;

namespace RnnLm;

/// <summary>
/// Everything that makes a text classifier, in groups:
/// <c>new TextClassifierOptions { Model = { HiddenSize = 100 }, Training = { Epochs = 20 } }</c>.
/// What only language models have is not among them. Options are checked, all faults in one message, and copied when training begins.
/// </summary>
public class TextClassifierOptions : TrainerOptions
{
    /// <summary>Makes options with the default values.</summary>
    public TextClassifierOptions()
    {
    }

    /// <summary>Copies options, group by group.</summary>
    internal TextClassifierOptions(TextClassifierOptions other)
        : base(other) =>
        (Model, Data, Training, Classifier) = (other.Model.Clone(), other.Data.Clone(), other.Training.Clone(), other.Classifier.Clone());

    /// <summary>Gets the shape of the network.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>Gets how texts become minibatches.</summary>
    public DataOptions Data { get; init; } = new();

    /// <summary>Gets how long the model is trained, what is watched and what is kept.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Gets how the network reads a text as a whole.</summary>
    public ClassifierOptions Classifier { get; init; } = new();

    internal override ModelTask Task => ModelTask.Classification;

    internal override ModelOptions CommonModel => Model;

    internal override DataOptions CommonData => Data;

    internal override TrainingOptions CommonTraining => Training;

    internal override void Check(OptionFaults faults)
    {
        base.Check(faults);
        Classifier.Check(faults);
        if (Training.IsPrivate && (Classifier.BalancedSampling || Classifier.ClassBalance > 0))
        {
            OptionId which = new("Classifier",
                Classifier.BalancedSampling ? nameof(Classifier.BalancedSampling) : nameof(Classifier.ClassBalance));
            faults.Add(which, $"goes by the number of rows of each class, so that one row more would change what all others count for, and "
                + $"{OptionIds.PrivacyNoise} could not hide it; leave it out");
        }
    }
}
