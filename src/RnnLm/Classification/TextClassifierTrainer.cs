using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.Runtime;
using RnnLm.Text;
using RnnLm.Training;

namespace RnnLm.Classification;

/// <summary>From labelled texts to a trained classifier, by the language model's batches, engines and training loop.</summary>
/// <param name="options">The options, a copy of the user's; changed.</param>
/// <param name="engines">The engines to choose from.</param>
/// <param name="standard">The network that the options ask for where the user has set nothing; null for that of <see cref="ModelOptions"/>.</param>
internal sealed class TextClassifierTrainer(TextClassifierOptions options, EngineSelector engines, ModelOptions? standard = null)
{
    private readonly TrainingOptions _training = options.Training;

    /// <param name="rows">The training data; read once.</param>
    /// <param name="validation">The validation data, read once, or null to keep a fraction of the training data apart.</param>
    /// <param name="languageModel">A language model whose embedding and recurrent layers the classifier starts from, or null.</param>
    /// <param name="labels">The labels in their order, where that is given; else they are taken in the order of their coming.</param>
    public SavedModel Train(IEnumerable<LabelledText> rows, IEnumerable<LabelledText>? validation, SavedModel? languageModel, IReadOnlyList<string>? labels)
    {
        if (languageModel is not null)
            StartFrom(languageModel);
        options.Validate();
        options.Data.CheckLineEnds(languageModel?.Vocabulary);
        using var checkpoint = TrainingCheckpoint.Open(_training);
        long seed = _training.Seed ?? checkpoint?.Found?.Seed ?? Random.Shared.NextInt64();
        EngineChoice choice = engines.ForTraining(options.Device, _training.Log);
        DropoutRates dropout = DropoutRates.Of(options.Model);
        var session = new TrainingSessionOptions { Optimizer = options.Optimizer, Dropout = dropout, Threads = choice.Threads };
        var memory = new TrainingMemory(choice, session, _training, options.Data, resizable: languageModel is null);
        memory.Require(Configure(vocabulary: 1, classes: 2));

        Corpus corpus = Read(rows, languageModel?.Vocabulary, labels, "training");
        ModelConfig config = Configure(corpus.Vocabulary.Size, CountClasses(corpus));
        (BatchSource training, ValidationData? validating, float[]? classWeights) = MakeBatches(corpus, validation, (ulong)seed);
        memory.Require(config, training, validating);
        ModelWeights weights = WeightInitializer.Draw(config, options.Model.Initialization, options.Model.InitializationStandardDeviation, (ulong)seed);
        if (languageModel is not null)
            CopyShared(languageModel.Weights, weights);

        var run = new TrainingRun(config, weights, training, validating, options.Optimizer, _training, choice, options.Device.MixedPrecision, seed)
        {
            Dropout = dropout,
            ClassWeights = classWeights,
        };
        if (checkpoint is not null)
        {
            checkpoint.Fingerprint = TrainingFingerprint
                .Of(options.Model, options.Vocabulary, options.Data, options.Optimizer, _training, options.Device)
                .Add("Classifier", options.Classifier)
                .Set(OptionIds.Seed, seed)
                .Set(OptionIds.Engine, choice.Engine.Kind)
                .AddData(corpus, validating?.Own, "Labels", languageModel?.Weights);
        }

        (ModelWeights best, TrainingSummary summary) = run.Execute(checkpoint, corpus.Tokens.Count);
        return new SavedModel
        {
            Config = config,
            Dropout = run.Dropout,
            Weights = best,
            Vocabulary = corpus.Vocabulary,
            DataMode = DataMode.Rows,
            MaximumRowLength = options.Data.MaximumRowLength,
            Classes = corpus.ConditionNames,
            Training = summary,
        };
    }

    private void StartFrom(SavedModel languageModel)
    {
        var kept = new PreviousModel(languageModel) { Standard = standard ?? new() };
        kept.StartFrom(options.Model, options.Vocabulary);
        if (kept.Kept.Count > 0)
            _training.Log?.Report(new(LogSeverity.Info, $"Kept from the language model: {kept.Kept}."));
    }

    private Corpus Read(IEnumerable<LabelledText> rows, CharVocabulary? vocabulary, IReadOnlyList<string>? labels, string what)
    {
        var builder = new CorpusBuilder(options.Data, options.Vocabulary, vocabulary, labels, labelled: true);
        foreach (LabelledText row in rows)
        {
            _training.CancellationToken.ThrowIfCancellationRequested();
            builder.Add(row);
        }

        return builder.Build(_training.Log, what);
    }

    private static int CountClasses(Corpus corpus)
    {
        int seen = corpus.Conditions.Where(label => label >= 0).Distinct().Count();
        if (seen < 2)
        {
            throw new TextDataException(
                $"the training data have {Counted.Of(seen, "label")}; a classifier needs at least 2 to tell apart. Check the label column.");
        }

        return corpus.ConditionNames.Count;
    }

    private ModelConfig Configure(int vocabulary, int classes) => ModelConfig.ForLanguageModel(options.Model, vocabulary, conditions: 0) with
    {
        Task = ModelTask.Classification,
        Bidirectional = options.Classifier.Bidirectional,
        Pooling = options.Classifier.Pooling,
        Classes = classes,
    };

    private (BatchSource Training, ValidationData? Validation, float[]? ClassWeights) MakeBatches(Corpus corpus, IEnumerable<LabelledText>? validation, ulong seed)
    {
        int[] rows = Labelled(corpus);
        if (validation is not null)
        {
            Corpus apart = Read(validation, corpus.Vocabulary, corpus.ConditionNames, "validation");
            return (Training(rows), Validation(apart, Labelled(apart), own: true), ClassWeights(corpus, rows));
        }

        (int[] training, int[] kept) = SplitByClass(corpus, rows, seed);
        return (Training(training), kept.Length == 0 ? null : Validation(corpus, kept, own: false), ClassWeights(corpus, training));

        BatchSource Training(int[] of) => Batches(corpus, of, options.Classifier.BalancedSampling, shuffle: true);

        ValidationData Validation(Corpus of, int[] which, bool own) =>
            new(Batches(of, which, balanced: false, shuffle: false)) { Own = own ? of : null };

        BatchSource Batches(Corpus of, int[] which, bool balanced, bool shuffle) =>
            new LabelledBatches(of, which, options.Data.BatchSize, balanced, seed, shuffle);
    }

    private static int[] Labelled(Corpus corpus) => [.. Enumerable.Range(0, corpus.Rows).Where(row => row < corpus.Conditions.Count && corpus.Conditions[row] >= 0)];

    /// <summary>Keeps the same fraction of each class apart, so that rare classes are in both parts, and a class of one row in training.</summary>
    private (int[] Training, int[] Validation) SplitByClass(Corpus corpus, int[] rows, ulong seed)
    {
        var validation = new HashSet<int>();
        foreach (IGrouping<int, int> ofClass in rows.GroupBy(row => corpus.Conditions[row]))
        {
            int[] members = [.. ofClass];
            Shuffling.Shuffle(members, seed, -1 - ofClass.Key);
            validation.UnionWith(members.Take((int)Math.Min(members.Length - 1, Math.Round(members.Length * _training.ValidationFraction))));
        }

        if (_training.ValidationFraction > 0 && validation.Count == 0)
        {
            throw new TextDataException($"{OptionIds.ValidationFraction.Set(_training.ValidationFraction)} of {Counted.Of(rows.Length, "row")} leaves nothing for validation. "
                + $"Give more data, validation data of their own, or set {OptionIds.ValidationFraction.Set(0)}.");
        }

        return ([.. rows.Where(row => !validation.Contains(row))], [.. rows.Where(validation.Contains)]);
    }

    private float[]? ClassWeights(Corpus corpus, int[] rows)
    {
        if (options.Classifier.ClassBalance == 0)
            return null;
        var weights = new float[corpus.ConditionNames.Count];   // [C]
        foreach (IGrouping<int, int> ofClass in rows.GroupBy(row => corpus.Conditions[row]))
            weights[ofClass.Key] = (float)Math.Pow(rows.Length / ((double)weights.Length * ofClass.Count()), options.Classifier.ClassBalance);
        return weights;
    }

    /// <summary>
    /// Copies what a language model and a classifier have in common: the forward direction begins as the language model. The backward direction and the
    /// output layer are the classifier's own; what upper layers read of the backward direction begins with zeros.
    /// </summary>
    private static void CopyShared(ModelWeights source, ModelWeights destination)
    {
        foreach (WeightTensor tensor in destination)
        {
            if (tensor.Name.StartsWith("output.", StringComparison.Ordinal) || !source.TryGet(tensor.Name, out WeightTensor? from))
                continue;
            if (from.Shape.AsSpan().SequenceEqual(tensor.Shape))
                from.Values.CopyTo(tensor.Values.AsSpan());
            else if (tensor.Name.StartsWith("rnn.weight_ih", StringComparison.Ordinal))
                CopyColumns(from, tensor);
        }
    }

    private static void CopyColumns(WeightTensor source, WeightTensor destination)
    {
        int from = source.Shape[1], to = destination.Shape[1];
        Array.Clear(destination.Values);
        for (int row = 0; row < source.Shape[0]; row++)
            source.Values.AsSpan(row * from, from).CopyTo(destination.Values.AsSpan(row * to));
    }
}
