using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How long a model is trained, what is watched, and what is kept. Training ends at the first bound that is reached.</summary>
public class TrainingOptions
{
    /// <summary>Gets or sets the number of passes over the data; 0 for no bound.</summary>
    /// <value>The default value is 10.</value>
    [OnResume(mayChange: true)]
    public int Epochs { get; set; } = 10;

    /// <summary>Gets or sets the number of updates of the weights; 0 for no bound.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public long MaxSteps { get; set; }

    /// <summary>Gets or sets the time, in minutes; 0 for no bound. Training bounded by time is not repeatable to the bit.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public double MaxMinutes { get; set; }

    /// <summary>
    /// Gets or sets the share of each target that goes to all characters, or all labels, alike (label smoothing, Szegedy et al., 2016): the
    /// model is not pushed to be surer than that. It is the <c>label_smoothing</c> of PyTorch's <c>CrossEntropyLoss</c>, for language
    /// models and classifiers, from 0 to below 1; 0.1 is usual. Training losses have it in them; validation losses, and all other figures,
    /// do not.
    /// </summary>
    /// <value>The default value is 0: none.</value>
    [OnResume(mayChange: false)]
    public double LabelSmoothing { get; set; }

    /// <summary>
    /// Gets or sets the noise of private training (DP-SGD, Abadi et al., 2016): the standard deviation of the normal noise that is added to
    /// the sum of the rows' gradients, as a multiple of <see cref="PrivacyClipNorm"/>. 0.6 to 2 is usual; the more, the smaller the ε of
    /// <see cref="PrivacyGuarantee"/>. For <see cref="DataMode.Rows"/>, <see cref="DataMode.Pairs"/> and classifiers, on the managed
    /// engine.
    /// </summary>
    /// <value>The default value is 0: training is not private.</value>
    [OnResume(mayChange: false)]
    public double PrivacyNoise { get; set; }

    /// <summary>Gets or sets the norm that the gradient of each row is scaled down to where it is above, in private training, which needs
    /// it. 1 is usual.</summary>
    /// <value>The default value is 0: none, where training is not private.</value>
    [OnResume(mayChange: false)]
    public double PrivacyClipNorm { get; set; }

    /// <summary>Gets or sets the δ at which the ε of private training is stated: the probability with which the guarantee may
    /// fail.</summary>
    /// <value>The default value is 0: one tenth of 1 / (number of training rows).</value>
    [OnResume(mayChange: true)]
    public double PrivacyDelta { get; set; }

    /// <summary>Gets or sets the share of the data that is kept apart for validation, where no validation data are given: the end of a
    /// running text, or random rows.</summary>
    /// <value>The default value is 0.1.</value>
    [OnResume(mayChange: false)]
    public double ValidationFraction { get; set; } = 0.1;

    /// <summary>Gets or sets the number of steps between evaluations; 0 for one after each epoch.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public int EvaluateEvery { get; set; }

    /// <summary>Gets or sets by what the weights are chosen that are kept.</summary>
    /// <value>The default value is <see cref="ValidationMetric.Loss"/>.</value>
    [OnResume(mayChange: false)]
    public ValidationMetric BestBy { get; set; } = ValidationMetric.Loss;

    /// <summary>Gets or sets the number of evaluations without a better one, by <see cref="BestBy"/>, after which training stops; 0 for
    /// never.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public int Patience { get; set; }

    /// <summary>
    /// Gets or sets the decay of an exponential moving average of the weights (Polyak and Juditsky, 1992), which is then what is evaluated
    /// and kept; 0 for none. 0.99 to 0.999 is usual: the average reaches over some 1 / (1 - decay) updates, and at first over a ninth of
    /// those there were. It often generalises better at no other cost.
    /// </summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: false)]
    public double AveragingDecay { get; set; }

    /// <summary>Gets or sets the seed of everything random in training.</summary>
    /// <value>The default value is <see langword="null"/>: another one each time.</value>
    [OnResume(mayChange: false)]
    public long? Seed { get; set; }

    /// <summary>
    /// Gets or sets the file that training can be resumed from, or <see langword="null"/> for none. A checkpoint that is there already is
    /// gone on from (<see cref="Resume"/>) or replaced (<see cref="OverwriteCheckpoint"/>) where that is asked for; else training refuses
    /// to begin.
    /// </summary>
    /// <value>The default value is <see langword="null"/>.</value>
    [OnResume(mayChange: true)]
    public string? CheckpointPath { get; set; }

    /// <summary>Gets or sets the number of steps between checkpoints; 0 for one at each evaluation.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public int CheckpointEvery { get; set; }

    /// <summary>Gets or sets whether training goes on from the checkpoint, if there is one. One of another training is refused.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    [OnResume(mayChange: true)]
    public bool Resume { get; set; }

    /// <summary>
    /// Gets or sets whether training that does not resume may begin anew where there is a checkpoint, of this training or of another, and
    /// replace it. A file that is no checkpoint is never replaced. It has no effect with <see cref="Resume"/>.
    /// </summary>
    /// <value>The default value is <see langword="false"/>: training throws an <see cref="InvalidOperationException"/> that says what the
    /// checkpoint holds.</value>
    [OnResume(mayChange: true)]
    public bool OverwriteCheckpoint { get; set; }

    /// <summary>Gets or sets the number of steps between reports of progress; 0 for about one a second.</summary>
    /// <value>The default value is 0.</value>
    [OnResume(mayChange: true)]
    public int ReportEvery { get; set; }

    /// <summary>Gets or sets who is told of the progress.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    [OnResume(mayChange: true)]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Gets or sets who is told what is being done and what may be wrong.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    [OnResume(mayChange: true)]
    public IProgress<LogMessage>? Log { get; set; }

    /// <summary>Gets or sets the token that stops training.</summary>
    /// <value>The default value is <see cref="CancellationToken.None"/>.</value>
    [OnResume(mayChange: true)]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Gets or sets what a cancelled training does.</summary>
    /// <value>The default value is <see cref="CancellationBehavior.KeepBest"/>.</value>
    [OnResume(mayChange: true)]
    public CancellationBehavior OnCancel { get; set; } = CancellationBehavior.KeepBest;

    internal bool IsPrivate => PrivacyNoise != 0;

    internal TrainingOptions Clone() => (TrainingOptions)MemberwiseClone();

    internal virtual void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Training");
        faults.AtLeast(Epochs, 0);
        faults.AtLeast(MaxSteps, 0);
        faults.NotNegative(MaxMinutes);
        faults.Require(Epochs > 0 || MaxSteps > 0 || MaxMinutes > 0, nameof(Epochs),
            $"is 0 and so are {faults[nameof(MaxSteps)]} and {faults[nameof(MaxMinutes)]}, so training would never end; set one of them");
        faults.Probability(LabelSmoothing);
        faults.NotNegative(PrivacyNoise);
        faults.NotNegative(PrivacyClipNorm);
        faults.Probability(PrivacyDelta);
        faults.Probability(ValidationFraction);
        faults.AtLeast(EvaluateEvery, 0);
        faults.Defined(BestBy);
        faults.AtLeast(Patience, 0);
        faults.Probability(AveragingDecay);
        faults.AtLeast(CheckpointEvery, 0);
        faults.AtLeast(ReportEvery, 0);
        faults.Require(!Resume || CheckpointPath is not null, nameof(Resume),
            $"needs {faults[nameof(CheckpointPath)]}, the file to go on from");
        faults.Defined(OnCancel);
    }
}
