using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How gradients change weights. Names and defaults are PyTorch's where it has them.</summary>
public sealed class OptimizerOptions
{
    /// <summary>Gets or sets the rule.</summary>
    /// <value>The default value is <see cref="OptimizerKind.Adam"/>.</value>
    [OnResume(mayChange: false)]
    public OptimizerKind Kind { get; set; } = OptimizerKind.Adam;

    /// <summary>Gets or sets the learning rate, at its highest.</summary>
    /// <value>The default value is 0.002.</value>
    [OnResume(mayChange: false)]
    public double LearningRate { get; set; } = 2e-3;

    /// <summary>Gets or sets the momentum of <see cref="OptimizerKind.Sgd"/> and <see cref="OptimizerKind.RmsProp"/>.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double Momentum { get; set; }

    /// <summary>Gets or sets the decay of Adam's mean of gradients.</summary>
    /// <value>The default value is 0.9.</value>
    [OnResume(mayChange: false)]
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Gets or sets the decay of Adam's mean of squared gradients.</summary>
    /// <value>The default value is 0.999.</value>
    [OnResume(mayChange: false)]
    public double Beta2 { get; set; } = 0.999;

    /// <summary>Gets or sets RMSprop's smoothing constant.</summary>
    /// <value>The default value is 0.99.</value>
    [OnResume(mayChange: false)]
    public double Alpha { get; set; } = 0.99;

    /// <summary>Gets or sets the number added to denominators.</summary>
    /// <value>The default value is <see langword="null"/>: PyTorch's, 1e-8, and 1e-10 for Adagrad.</value>
    [OnResume(mayChange: false)]
    public double? Epsilon { get; set; }

    /// <summary>Gets or sets the weight decay; for AdamW decoupled, else added to the gradient.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double WeightDecay { get; set; }

    /// <summary>Gets or sets the norm to which the gradients of all weights together are scaled down where it is above; 0 for no
    /// limit.</summary>
    /// <value>The default value is 5.</value>
    [OnResume(mayChange: false)]
    public double ClipNorm { get; set; } = 5;

    /// <summary>Gets or sets the absolute value at which each element of a gradient is cut off; 0 for no limit.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double ClipValue { get; set; }

    /// <summary>Gets or sets the number of minibatches whose gradients are averaged into one update.</summary>
    /// <value>The default value is 1.</value>
    [OnResume(mayChange: false)]
    public int AccumulationSteps { get; set; } = 1;

    /// <summary>Gets or sets how the learning rate moves.</summary>
    /// <value>The default value is <see cref="LearningRateSchedule.Constant"/>.</value>
    [OnResume(mayChange: false)]
    public LearningRateSchedule Schedule { get; set; } = LearningRateSchedule.Constant;

    /// <summary>Gets or sets the number of updates over which the learning rate first rises from 0, under any schedule.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public int WarmupSteps { get; set; }

    /// <summary>Gets or sets the factor of <see cref="LearningRateSchedule.StepDecay"/>.</summary>
    /// <value>The default value is 0.97.</value>
    [OnResume(mayChange: false)]
    public double DecayFactor { get; set; } = 0.97;

    /// <summary>Gets or sets the number of epochs between the steps of <see cref="LearningRateSchedule.StepDecay"/>.</summary>
    /// <value>The default value is 1.</value>
    [OnResume(mayChange: false)]
    public int DecayEpochs { get; set; } = 1;

    /// <summary>Gets or sets the fraction of the learning rate at which <see cref="LearningRateSchedule.Linear"/> and
    /// <see cref="LearningRateSchedule.Cosine"/> end.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double FinalLearningRateFraction { get; set; }

    /// <summary>Gets the number added to denominators, PyTorch's default where none was set.</summary>
    internal double EffectiveEpsilon => Epsilon ?? (Kind == OptimizerKind.Adagrad ? 1e-10 : 1e-8);

    internal OptimizerOptions Clone() => (OptimizerOptions)MemberwiseClone();

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Optimizer");
        faults.Defined(Kind);
        faults.Defined(Schedule);
        faults.Positive(LearningRate);
        faults.NotNegative(Momentum);
        faults.Probability(Beta1);
        faults.Probability(Beta2);
        faults.Probability(Alpha);
        faults.NotNegative(Epsilon ?? 0, nameof(Epsilon));
        faults.NotNegative(WeightDecay);
        faults.NotNegative(ClipNorm);
        faults.NotNegative(ClipValue);
        faults.AtLeast(AccumulationSteps, 1);
        faults.AtLeast(WarmupSteps, 0);
        faults.PositiveShare(DecayFactor);
        faults.AtLeast(DecayEpochs, 1);
        faults.Share(FinalLearningRateFraction);
    }
}
