using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How long a language model is trained, by what loss, what is watched, and what is kept.</summary>
public sealed class LanguageModelTrainingOptions : TrainingOptions
{
    /// <summary>Gets or sets how the losses of a minibatch are put together.</summary>
    /// <value>The default value is <see cref="LossReduction.Mean"/>.</value>
    [OnResume(mayChange: false)]
    public LossReduction LossReduction { get; set; } = LossReduction.Mean;

    /// <summary>
    /// Gets or sets the share of positions at which the model reads the true character; at the others it reads its own prediction of it
    /// (scheduled sampling, Bengio et al., 2015).
    /// </summary>
    /// <value>The default value is 1: teacher forcing everywhere.</value>
    [OnResume(mayChange: false)]
    public double TeacherForcingRatio { get; set; } = 1;

    internal new LanguageModelTrainingOptions Clone() => (LanguageModelTrainingOptions)base.Clone();

    internal override void Check(OptionFaults all)
    {
        base.Check(all);
        OptionFaults faults = all.In("Training");
        faults.Defined(LossReduction);
        faults.Share(TeacherForcingRatio);
    }
}
