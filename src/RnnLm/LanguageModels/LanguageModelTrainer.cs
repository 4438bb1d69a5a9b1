using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Text;
using RnnLm.Training;

namespace RnnLm.LanguageModels;

/// <summary>From rows of text to a trained model: reads the data, makes the network, chooses the engine, and runs the training loop.</summary>
/// <param name="options">The options, a copy of the user's; changed.</param>
/// <param name="engines">The engines to choose from.</param>
internal sealed class LanguageModelTrainer(LanguageModelOptions options, EngineSelector engines)
{
    private readonly TrainingOptions _training = options.Training;

    /// <param name="rows">The training data; read once.</param>
    /// <param name="validation">The validation data, read once, or null to keep a fraction of the training data apart.</param>
    /// <param name="previous">A model to train further, whose network and vocabulary are kept; or null.</param>
    /// <exception cref="OptionsException">Options are wrong, or contradict the previous model.</exception>
    public SavedModel Train(IEnumerable<TextRow> rows, IEnumerable<TextRow>? validation, SavedModel? previous)
    {
        if (previous is not null)
            Continue(previous);
        options.Validate();
        options.Data.CheckLineEnds(previous?.Vocabulary);
        using var checkpoint = TrainingCheckpoint.Open(_training);
        long seed = _training.Seed ?? checkpoint?.Found?.Seed ?? Random.Shared.NextInt64();
        EngineChoice choice = engines.ForTraining(options.Device, _training.Log);
        DropoutRates dropout = DropoutRates.Of(options.Model);
        var session = new TrainingSessionOptions { Optimizer = options.Optimizer, Dropout = dropout, Threads = choice.Threads };
        var memory = new TrainingMemory(choice, session, _training, options.Data, resizable: previous is null);
        memory.Require(previous?.Config ?? ModelConfig.ForLanguageModel(options.Model, vocabularySize: 1, conditions: 0));

        Corpus corpus = Read(rows, previous?.Vocabulary, previous?.Conditions, "training");
        if (options.Data.Mode == DataMode.Stream && corpus.Tokens.Count <= options.Data.SequenceLength)
        {
            _training.Log?.Report(new(LogSeverity.Warning, $"{OptionIds.SequenceLength.Set(options.Data.SequenceLength)} is longer than the text of "
                + $"{Counted.Of(corpus.Tokens.Count, "character")}, which is read as one shorter window."));
        }

        TrainingTextFilter? filter = options.Data.KeepTextFilter ? TrainingTextFilter.FromCorpus(corpus) : null;
        (BatchSource training, ValidationData? validating) = MakeBatches(corpus, validation, (ulong)seed);
        ModelConfig config = previous?.Config ?? ModelConfig.ForLanguageModel(options.Model, corpus.Vocabulary.Size, corpus.ConditionNames.Count);
        memory.Require(config, training, validating);
        ModelWeights weights = previous?.Weights
            ?? WeightInitializer.Draw(config, options.Model.Initialization, options.Model.InitializationStandardDeviation, (ulong)seed);

        var run = new TrainingRun(config, weights, training, validating, options.Optimizer, _training, choice, options.Device.MixedPrecision, seed)
        {
            Dropout = dropout,
        };
        if (checkpoint is not null)
        {
            checkpoint.Fingerprint = TrainingFingerprint
                .Of(options.Model, options.Vocabulary, options.Data, options.Optimizer, _training, options.Device)
                .Set(OptionIds.Seed, seed)
                .Set(OptionIds.Engine, choice.Engine.Kind)
                .AddData(corpus, validating?.Own, "Conditions", previous?.Weights);
        }

        (ModelWeights best, TrainingSummary summary) = run.Execute(checkpoint, corpus.Tokens.Count);
        return Save(config, best, corpus, summary, previous) with { TrainingText = filter };
    }

    private void Continue(SavedModel previous)
    {
        var kept = new PreviousModel(previous);
        kept.Continue(options);
        if (kept.Kept.Count > 0)
            _training.Log?.Report(new(LogSeverity.Info, $"Kept from the previous model: {kept.Kept}."));
        if (previous.TrainingText is not null)
        {
            OptionMessage what = options.Data.KeepTextFilter ? "the filter of the training text will know the new text alone, not that of the previous model."
                : (OptionMessage)$"the previous model's filter of its training text is not kept. Set {OptionIds.KeepTextFilter} for one of the new text.";
            _training.Log?.Report(new(LogSeverity.Warning, what));
        }
    }

    private Corpus Read(IEnumerable<TextRow> rows, CharVocabulary? vocabulary, IReadOnlyList<string>? conditions, string what)
    {
        var builder = new CorpusBuilder(options.Data, options.Vocabulary, vocabulary, conditions);
        foreach (TextRow row in rows)
        {
            _training.CancellationToken.ThrowIfCancellationRequested();
            builder.Add(row);
        }

        return builder.Build(_training.Log, what);
    }

    private (BatchSource Training, ValidationData? Validation) MakeBatches(Corpus corpus, IEnumerable<TextRow>? validation, ulong seed)
    {
        if (validation is not null)
        {
            Corpus apart = Read(validation, corpus.Vocabulary, corpus.ConditionNames, "validation");
            return (Batches(corpus, CorpusPart.Whole(corpus)), Validation(apart, CorpusPart.Whole(apart), apart.LeftOut, own: true));
        }

        (CorpusPart training, CorpusPart? part) = CorpusPart.Split(corpus, _training.ValidationFraction, seed);
        return (Batches(corpus, training), part is null ? null : Validation(corpus, part, leftOut: 0, own: false));

        ValidationData Validation(Corpus of, CorpusPart which, long leftOut, bool own) =>
            new(BatchSource.ForEvaluation(of, which, options.Data, seed), of.Vocabulary, leftOut) { Own = own ? of : null };

        BatchSource Batches(Corpus of, CorpusPart which) => BatchSource.Create(of, which, options.Data, seed, shuffle: true);
    }

    private SavedModel Save(ModelConfig config, ModelWeights weights, Corpus corpus, TrainingSummary summary, SavedModel? previous) => new()
    {
        Config = config,
        Dropout = DropoutRates.Of(options.Model),
        Weights = weights,
        Vocabulary = corpus.Vocabulary,
        DataMode = options.Data.Mode,
        RowSeparator = options.Data.RowSeparator,
        Conditions = previous?.Conditions ?? corpus.ConditionNames,
        ConditionCounts = CountConditions(corpus),
        Sampling = options.Sampling.Clone(),
        Training = summary,
    };

    private static long[] CountConditions(Corpus corpus)
    {
        var counts = new long[corpus.ConditionNames.Count];
        foreach (int condition in corpus.Conditions.Where(condition => condition >= 0))
            counts[condition]++;
        return counts.Any(count => count > 0) ? counts : [];
    }
}
