using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>
/// Everything that makes a text classifier, in groups:
/// <c>new TextClassifierOptions { Model = { HiddenSize = 100 }, Training = { Epochs = 20 } }</c>. Of <see cref="Data"/>, batch size and row
/// length count; texts are always rows.
/// </summary>
public class TextClassifierOptions : TrainerOptions
{
    /// <summary>Makes options with the default values.</summary>
    public TextClassifierOptions() => Data = new() { Mode = DataMode.Rows };

    /// <summary>Copies options, group by group.</summary>
    internal TextClassifierOptions(TextClassifierOptions other)
        : base(other) => Classifier = other.Classifier.Clone();

    /// <summary>Gets how the network reads a text as a whole.</summary>
    public ClassifierOptions Classifier { get; init; } = new();

    internal override void Check(OptionFaults faults)
    {
        base.Check(faults);
        Classifier.Check(faults);
        if (Data.Mode != DataMode.Rows)
            faults.Add(OptionIds.Mode, $"is {Data.Mode}, but a classifier reads rows; leave it at {DataMode.Rows}");
        if (Data.KeepTextFilter)
            faults.Add(OptionIds.KeepTextFilter, "is for language models, which may write what they were trained on; leave it off");
        if (Training.IsPrivate && (Classifier.BalancedSampling || Classifier.ClassBalance > 0))
        {
            OptionId which = new("Classifier",
                Classifier.BalancedSampling ? nameof(Classifier.BalancedSampling) : nameof(Classifier.ClassBalance));
            faults.Add(which, $"goes by the number of rows of each class, so that one row more would change what all others count for, and "
                + $"{OptionIds.PrivacyNoise} could not hide it; leave it out");
        }

        if (Model.TieWeights)
            faults.Add(OptionIds.TieWeights, "is for language models; a classifier's outputs are classes, not characters");
        if (Training.TeacherForcingRatio != 1)
            faults.Add(OptionIds.TeacherForcingRatio, "is for language models; leave it at 1");
        if (Training.LossReduction != LossReduction.Mean)
            faults.Add(OptionIds.LossReduction, $"is for language models; leave it at {LossReduction.Mean}");
    }
}
