using System.CommandLine;
using RnnLm.Cli.Sources;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Options;

/// <summary>All options that make a model, as options of a command.</summary>
internal sealed class TrainingOptionGroups
{
    private readonly OptionGroup<TrainingConfig> _config = new OptionGroup<TrainingConfig>("Task")
        .Add(o => o.Task, "what is trained: a language model; or a classifier, on rows or lines with a label before a tab and the text")
        .Add(o => o.Output, "model file to write; without it the first input's name with .zip", aliases: "-o")
        .Add(o => o.Previous,
            "model to train further, whose network, characters and labels are kept; for a classifier also a language model to start from");

    private readonly OptionGroup<SourceOptions> _source = SourceOptionGroup.Create(training: true);

    private readonly OptionGroup<LanguageModelNetworkOptions> _model = new OptionGroup<LanguageModelNetworkOptions>("Model")
        .Add(o => o.Cell, "kind of recurrent cell")
        .Add(o => o.Nonlinearity, "activation of a plain RNN cell")
        .Add(o => o.HiddenSize, "hidden units of each layer")
        .Add(o => o.Layers, "recurrent layers")
        .Add(o => o.EmbeddingSize, "length of a character's embedding; 0 for one-hot")
        .Add(o => o.Dropout, "share of outputs dropped between layers")
        .Add(o => o.InputDropout, "share of the embedding dropped")
        .Add(o => o.OutputDropout, "share of the last layer's outputs dropped")
        .Add(o => o.RecurrentDropout, "share of the recurrent weights dropped")
        .Add(o => o.TieWeights, "output layer shares the embedding's weights")
        .Add(o => o.Initialization, "how weights are drawn at first")
        .Add(o => o.InitializationStandardDeviation, "spread of normal initial weights")
        .Add(o => o.InitialState, "hidden state that a text starts from");

    private readonly OptionGroup<VocabularyOptions> _vocabulary = new OptionGroup<VocabularyOptions>("Vocabulary")
        .Add(o => o.Characters, "characters to know, in place of those of the data", read: text => Escapes.Read(text!))
        .Add(o => o.MinCount, "times a character must occur to be known")
        .Add(o => o.MaxSize, "characters known at most, the most frequent")
        .Add(o => o.UnknownCharacters, "what happens to other characters")
        .Add(o => o.Grow, "let the model of --previous learn new characters, conditions and labels", "--grow-vocabulary");

    private readonly OptionGroup<LanguageModelDataOptions> _data = new OptionGroup<LanguageModelDataOptions>("Data")
        .Add(o => o.Mode, "what a file is: one running text, a text in each line, or in each line an input, a tab and a target")
        .Add(o => o.BatchSize, "sequences in a minibatch")
        .Add(o => o.SequenceLength, "characters that gradients flow back over (stream)")
        .Add(o => o.WindowOrder, "order in which windows are read (stream)")
        .Add(o => o.WindowStride, "characters between the starts of windows in random order; 0 for the sequence length")
        .Add(o => o.HiddenState, "when the hidden state starts anew (stream)")
        .Add(o => o.MaxRowLength, "characters of a line that are read (rows, pairs)")
        .Add(o => o.KeepLineEnds, "keep the line ends CRLF and CR as they are; without it all are read as LF")
        .Add(o => o.KeepTextFilter, "keep a compact filter of the text, by which 'sample' tells whether what it writes occurs in it");

    private readonly OptionGroup<OptimizerOptions> _optimizer = new OptionGroup<OptimizerOptions>("Optimiser")
        .Add(o => o.Kind, "rule by which gradients change weights", "--optimizer")
        .Add(o => o.LearningRate, "learning rate at its highest")
        .Add(o => o.Schedule, "how the learning rate moves")
        .Add(o => o.WarmupSteps, "steps over which the learning rate rises from 0")
        .Add(o => o.DecayFactor, "factor of a step decay")
        .Add(o => o.DecayEpochs, "epochs between step decays")
        .Add(o => o.FinalLearningRateFraction, "share of the learning rate at the end of a linear or cosine schedule")
        .Add(o => o.Momentum, "momentum of SGD and RMSprop")
        .Add(o => o.Beta1, "Adam's first decay", "--beta1")
        .Add(o => o.Beta2, "Adam's second decay", "--beta2")
        .Add(o => o.Alpha, "RMSprop's smoothing")
        .Add(o => o.Epsilon, "number added to denominators")
        .Add(o => o.WeightDecay, "weight decay")
        .Add(o => o.ClipNorm, "norm that gradients are scaled down to; 0 for no limit")
        .Add(o => o.ClipValue, "value that gradients are cut off at; 0 for no limit")
        .Add(o => o.AccumulationSteps, "minibatches averaged into one update");

    private readonly OptionGroup<LanguageModelTrainingOptions> _training = new OptionGroup<LanguageModelTrainingOptions>("Training")
        .Add(o => o.Epochs, "passes over the data; 0 for no bound")
        .Add(o => o.MaxSteps, "updates of the weights; 0 for no bound", "--steps")
        .Add(o => o.MaxMinutes, "minutes; 0 for no bound", "--minutes")
        .Add(o => o.Seed, "seed of everything random in training")
        .Add(o => o.ValidationFraction, "share of the data kept apart to watch the loss on")
        .Add(o => o.EvaluateEvery, "steps between evaluations; 0 for one after each epoch")
        .Add(o => o.BestBy, "by what the weights are chosen that are kept")
        .Add(o => o.Patience, "evaluations without a better one after which training stops; 0 for never")
        .Add(o => o.AveragingDecay, "decay of an average of the weights, which is kept in place of them; 0 for none")
        .Add(o => o.LossReduction, "how the losses of a minibatch are put together")
        .Add(o => o.LabelSmoothing, "share of each target that goes to all characters or labels alike, in training losses alone")
        .Add(o => o.TeacherForcingRatio, "share of positions at which the true character is read")
        .Add(o => o.PrivacyNoise,
            "noise of private training, as a multiple of the norm that rows' gradients are clipped to; 0 for none (rows, pairs)")
        .Add(o => o.PrivacyClipNorm, "norm that the gradient of each row is clipped to, in private training; 1 is usual")
        .Add(o => o.PrivacyDelta, "delta at which the epsilon of private training is stated; 0 for a tenth of 1 / rows")
        .Add(o => o.CheckpointPath, "file that training can be resumed from", "--checkpoint")
        .Add(o => o.CheckpointEvery, "steps between checkpoints; 0 for one at each evaluation")
        .Add(o => o.Resume, "go on from the checkpoint, if there is one")
        .Add(o => o.ReportEvery, "steps between reports of progress; 0 for about one a second");

    private readonly OptionGroup<DeviceOptions> _device = new OptionGroup<DeviceOptions>("Device")
        .Add(o => o.Engine, "engine that computes")
        .Add(o => o.Device, "auto, cpu, cuda, cuda:N or mps")
        .Add(o => o.FallbackToCpu, "take the CPU where the device is not there")
        .Add(o => o.MixedPrecision, "16-bit numbers on a GPU where that is safe")
        .Add(o => o.Threads, "threads of the CPU; 0 for all");

    private readonly OptionGroup<ClassifierOptions> _classifier = ClassifierOptionGroup.Create();

    // How a trained model writes; the command line asks for that when it samples.
    private readonly OptionGroup<SamplingOptions> _sampling = SamplingOptionGroup.Create();

    /// <summary>Makes the groups.</summary>
    public TrainingOptionGroups() => _training.Names[OptionIds.OverwriteCheckpoint] = "--force";   // the command's own

    /// <summary>Gets the options of the command line.</summary>
    public IReadOnlyList<OptionGroup> All => [_config, _source, _model, _classifier, _vocabulary, _data, _optimizer, _training, _device];

    /// <summary>Gets the keys of a configuration that stand outside of its sections.</summary>
    public IReadOnlyList<OptionEntry> Entries => _config.Entries;

    /// <summary>Gets the sections of a configuration.</summary>
    public IReadOnlyList<ConfigSection> Sections =>
    [
        new("source", "where the text is", _source, config => config.Source),
        new("data", "how text becomes minibatches", _data, config => config.Options.Data),
        new("vocabulary", "which characters the model knows", _vocabulary, config => config.Options.Vocabulary),
        new("model", "the shape of the network", _model, config => config.Options.Model),
        new("classifier", "how a classifier reads a text as a whole (task classify)", _classifier, config => config.Classifier.Classifier),
        new("optimizer", "how gradients change weights", _optimizer, config => config.Options.Optimizer),
        new("training", "how long the model is trained, and what is kept", _training, config => config.Options.Training),
        new("device", "where the model is trained", _device, config => config.Options.Device),
        new("sampling", "how the model writes where nothing else is said", _sampling, config => config.Options.Sampling),
    ];

    /// <summary>Returns the key of a configuration for each option, with that of its section.</summary>
    public static Dictionary<OptionId, string> Keys()
    {
        var groups = new TrainingOptionGroups();
        return groups.Entries.Select(entry => (entry.Id, entry.Key))
            .Concat(groups.Sections.SelectMany(section => section.Group.Entries.Select(entry => (entry.Id, $"{section.Name}.{entry.Key}"))))
            .ToDictionary(key => key.Id, key => key.Item2);
    }

    /// <summary>Sets what was given. A bound in epochs, steps or minutes takes the place of those that were there.</summary>
    public void Apply(ParseResult parse, TrainingConfig config)
    {
        _config.Apply(parse, config);
        _source.Apply(parse, config.Source);
        _classifier.Apply(parse, config.Classifier.Classifier);
        _model.Apply(parse, config.Options.Model);
        _vocabulary.Apply(parse, config.Options.Vocabulary);
        _data.Apply(parse, config.Options.Data);
        _optimizer.Apply(parse, config.Options.Optimizer);
        config.SetBounds(() => _training.Apply(parse, config.Options.Training));
        _device.Apply(parse, config.Options.Device);
        foreach (OptionEntry entry in All.SelectMany(group => group.Entries).Where(e => e.IsGiven(parse)))
        {
            config.Places.Remove(entry.Id);
            config.Flags.Add(entry.Id);
        }
    }
}
