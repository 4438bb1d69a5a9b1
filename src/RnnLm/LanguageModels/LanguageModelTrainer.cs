using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Drawing;
using RnnLm.Lanes;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Text;
using RnnLm.Trainers;
using RnnLm.Training;

namespace RnnLm.LanguageModels;

/// <summary>Trains language models.</summary>
/// <param name="options">The options, a copy of the user's; changed.</param>
/// <param name="engines">The engines to choose from.</param>
internal sealed class LanguageModelTrainer(LanguageModelOptions options, EngineSelector engines) : ModelTrainer<TextRow>(options, engines)
{
    private TrainingTextFilter? _filter;

    protected override string NamesOfRows => "Conditions";

    protected override MinibatchSize Size => options.Data.Mode == DataMode.Stream
        ? new(options.Data.BatchSize, OptionIds.SequenceLength, options.Data.SequenceLength)
        : base.Size;

    private IProgress<LogMessage>? Log => options.Training.Log;

    protected override void Keep(SavedModel previous)
    {
        var kept = new PreviousModel(previous);
        kept.Continue(options);
        if (kept.Kept.Count > 0)
            Log?.Report(new(LogSeverity.Info, $"Kept from the previous model: {kept.Kept}."));
        if (previous.TrainingText is not null)
        {
            OptionMessage what = options.Data.KeepTextFilter
                ? "the filter of the training text will know the new text alone, not that of the previous model."
                : (OptionMessage)($"the previous model's filter of its training text is not kept. "
                    + $"Set {OptionIds.KeepTextFilter} for one of the new text.");
            Log?.Report(new(LogSeverity.Warning, what));
        }
    }

    protected override IReadOnlyList<string>? KnownNames(SavedModel? previous) => previous?.Conditions;

    protected override CorpusBuilder CorpusReader(CharVocabulary? vocabulary, IReadOnlyList<string>? names, bool goesOn) =>
        new(options.Data, options.Vocabulary, vocabulary, names, goesOn);

    protected override SavedModel Grow(SavedModel previous, Corpus corpus) =>
        GrownModel.Of(previous, corpus.Vocabulary, corpus.ConditionNames, Log);

    protected override void Add(CorpusBuilder builder, TextRow row) => builder.Add(row);

    protected override ModelConfig Configure(Corpus? corpus, SavedModel? previous)
    {
        if (corpus is not null && options.Data.Mode == DataMode.Stream && corpus.Tokens.Count <= options.Data.SequenceLength)
        {
            Log?.Report(new(LogSeverity.Warning, $"{OptionIds.SequenceLength.Set(options.Data.SequenceLength)} is longer than the text of "
                + $"{Counted.Of(corpus.Tokens.Count, "character")}, which is read as one shorter window."));
        }

        ModelConfig config = previous?.Config ?? ModelConfig.Of(options.Model, corpus?.Vocabulary.Size ?? 1) with
        {
            Task = options.Task,
            TieWeights = options.Model.TieWeights,
            Conditions = corpus?.ConditionNames.Count ?? 0,
        };
        if (corpus is not null)
            CheckSampling(corpus, config);
        return config;
    }

    /// <summary>Refuses before the training what the model could not write by: a pattern that no text of its characters matches,
    /// say.</summary>
    private void CheckSampling(Corpus corpus, ModelConfig config)
    {
        var framing = new TextFraming(corpus.Vocabulary, options.Data.Mode, options.Data.RowSeparator);
        var settings = new SamplingSettings(options.Sampling, framing, config);
        if (options.Sampling.PatternIncludesPrompt)
            return;
        OptionFaults faults = new OptionFaults().In("Sampling");
        settings.NewLimits(options.Sampling.MaxLength, pattern: null, prompt: "", faults);
        faults.ThrowIfAny(nameof(options));
    }

    protected override TrainingBatches MakeBatches(Corpus corpus, IEnumerable<TextRow>? validation, ulong seed)
    {
        // Before training, so that a filter too large for memory costs no trained model.
        _filter = options.Data.KeepTextFilter ? TrainingTextFilter.FromCorpus(corpus) : null;
        if (validation is not null)
        {
            Corpus apart = ReadValidation(validation, corpus);
            return new(Batches(corpus, CorpusPart.Whole(corpus)), Validation(apart, CorpusPart.Whole(apart), apart.LeftOut, own: true));
        }

        (CorpusPart training, CorpusPart? part) = CorpusPart.Split(corpus, options.Training.ValidationFraction, seed);
        return new(Batches(corpus, training), part is null ? null : Validation(corpus, part, leftOut: 0, own: false));

        ValidationData Validation(Corpus of, CorpusPart which, long leftOut, bool own) =>
            new(BatchSource.ForEvaluation(of, which, options.Data, seed), of.Vocabulary, leftOut) { Own = own ? of : null };

        BatchSource Batches(Corpus of, CorpusPart which) =>
            BatchSource.Create(of, which, options.Data, seed, shuffle: true, poisson: options.Training.IsPrivate);
    }

    protected override ModelWeights StartingWeights(ModelConfig config, SavedModel? previous, ulong seed) =>
        previous?.Weights ?? Draw(config, seed);

    protected override TrainingFingerprint Fingerprint() => TrainingFingerprint
        .Of(options.Model, options.Vocabulary, options.Data, options.Optimizer, options.Training, options.Device);

    protected override TrainingRun AddOwn(TrainingRun run) =>
        run with { LossReduction = options.Training.LossReduction, TeacherForcingRatio = options.Training.TeacherForcingRatio };

    protected override SavedModel Save(SavedModel model, Corpus corpus) => model with
    {
        DataMode = options.Data.Mode,
        RowSeparator = options.Data.RowSeparator,
        Conditions = corpus.ConditionNames,
        // The counts are facts of the rows, without noise.
        ConditionCounts = options.Training.IsPrivate ? [] : CountConditions(corpus),
        Sampling = options.Sampling.Clone(),
        TrainingText = _filter,
    };

    private static long[] CountConditions(Corpus corpus)
    {
        var counts = new long[corpus.ConditionNames.Count];
        foreach (int condition in corpus.Conditions.Where(condition => condition >= 0))
            counts[condition]++;
        return counts.Any(count => count > 0) ? counts : [];
    }
}
