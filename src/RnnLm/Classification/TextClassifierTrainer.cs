using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.Runtime;
using RnnLm.Text;
using RnnLm.Trainers;
using RnnLm.Training;

namespace RnnLm.Classification;

/// <summary>Trains classifiers.</summary>
/// <param name="options">The options, a copy of the user's; changed.</param>
/// <param name="engines">The engines to choose from.</param>
/// <param name="standard">The network that the options ask for where the user has set nothing; null for that of
/// <see cref="ModelOptions"/>.</param>
/// <param name="labels">The labels in their order, where that is given; else they are taken in the order of their coming.</param>
internal sealed class TextClassifierTrainer(
    TextClassifierOptions options, EngineSelector engines, ModelOptions? standard = null, IReadOnlyList<string>? labels = null)
    : ModelTrainer<LabelledText>(options, engines)
{
    /// <summary>Gets what tells whether the user has set an option; null where that is not known.</summary>
    public Func<OptionId, bool>? IsSet { get; init; }

    protected override string NamesOfRows => "Labels";

    protected override void Keep(SavedModel previous)
    {
        var kept = new PreviousModel(previous, IsSet) { Standard = standard ?? new() };
        kept.Keep(options);
        if (kept.Kept.Count > 0)
        {
            string from = previous.IsClassifier() ? "previous" : "language";
            options.Training.Log?.Report(new(LogSeverity.Info, $"Kept from the {from} model: {kept.Kept}."));
        }
    }

    protected override IReadOnlyList<string>? KnownNames(SavedModel? previous) =>
        !previous.IsClassifier() ? labels
        : options.Vocabulary.Grow ? [.. previous.Classes.Union(labels ?? [], StringComparer.Ordinal)]
        : previous.Classes;

    protected override CorpusBuilder CorpusReader(CharVocabulary? vocabulary, IReadOnlyList<string>? names, bool goesOn) =>
        CorpusBuilder.OfLabels(options.Data, options.Vocabulary, vocabulary, names, goesOn);

    protected override SavedModel Grow(SavedModel previous, Corpus corpus) =>
        GrownModel.Of(previous, corpus.Vocabulary, previous.IsClassifier() ? corpus.ConditionNames : previous.Conditions,
            options.Training.Log);

    protected override void Add(CorpusBuilder builder, LabelledText row) => builder.Add(row);

    protected override ModelConfig Configure(Corpus? corpus, SavedModel? previous)
    {
        if (corpus is not null)
            CheckLabels(corpus, goesOn: previous.IsClassifier());
        return previous.IsClassifier() ? previous.Config : ModelConfig.Of(options.Model, corpus?.Vocabulary.Size ?? 1) with
        {
            Task = options.Task,
            Bidirectional = options.Classifier.Bidirectional,
            Pooling = options.Classifier.Pooling,
            Classes = corpus?.ConditionNames.Count ?? 2,
        };
    }

    protected override TrainingBatches MakeBatches(Corpus corpus, IEnumerable<LabelledText>? validation, ulong seed)
    {
        int[] rows = Labelled(corpus);
        if (validation is not null)
        {
            Corpus apart = ReadValidation(validation, corpus);
            int[] known = Labelled(apart);
            if (known.Length == 0)
            {
                throw new TextDataException("no row of the validation data has a label that the model knows. Check the labels, or leave "
                    + "the validation data out.");
            }

            return new(Training(rows), Validation(apart, known, own: true), ClassWeights(corpus, rows));
        }

        (int[] training, int[] kept) = SplitByClass(corpus, rows, seed);
        return new(Training(training), kept.Length == 0 ? null : Validation(corpus, kept, own: false), ClassWeights(corpus, training));

        BatchSource Training(int[] of) =>
            Batches(corpus, of, options.Classifier.BalancedSampling, shuffle: true, poisson: options.Training.IsPrivate);

        ValidationData Validation(Corpus of, int[] which, bool own) =>
            new(Batches(of, which, balanced: false, shuffle: false, poisson: false)) { Own = own ? of : null };

        BatchSource Batches(Corpus of, int[] which, bool balanced, bool shuffle, bool poisson) =>
            new LabelledBatches(of, which, options.Data.BatchSize, balanced, seed, shuffle, poisson);
    }

    protected override ModelWeights StartingWeights(ModelConfig config, SavedModel? previous, ulong seed)
    {
        if (previous.IsClassifier())
            return previous.Weights;
        ModelWeights weights = Draw(config, seed);
        if (previous is not null)
            CopyShared(previous.Weights, weights);
        return weights;
    }

    protected override TrainingFingerprint Fingerprint() => TrainingFingerprint
        .Of(options.Model, options.Vocabulary, options.Data, options.Optimizer, options.Training, options.Device)
        .Add("Classifier", options.Classifier);

    protected override SavedModel Save(SavedModel model, Corpus corpus) => model with
    {
        DataMode = DataMode.Rows,
        MaxRowLength = options.Data.MaxRowLength,
        Classes = corpus.ConditionNames,
    };

    /// <summary>Refuses data that tell no labels apart. Where a classifier is trained further, those of one label may do: it knows
    /// others.</summary>
    private static void CheckLabels(Corpus corpus, bool goesOn)
    {
        int seen = corpus.Conditions.Where(label => label >= 0).Distinct().Count();
        if (goesOn && seen == 0)
        {
            throw new TextDataException("no row of the training data has a label; one label is enough to go on with a classifier. Check "
                + "the label column.");
        }

        if (!goesOn && seen < 2)
        {
            throw new TextDataException(
                $"the training data have {Counted.Of(seen, "label")}; a classifier needs at least 2 to tell apart. Check the label "
                + $"column.");
        }
    }

    private static int[] Labelled(Corpus corpus) =>
        [.. Enumerable.Range(0, corpus.Rows).Where(row => row < corpus.Conditions.Count && corpus.Conditions[row] >= 0)];

    /// <summary>Keeps the same fraction of each class apart, so that rare classes are in both parts, and a class of one row in
    /// training.</summary>
    private (int[] Training, int[] Validation) SplitByClass(Corpus corpus, int[] rows, ulong seed)
    {
        var validation = new HashSet<int>();
        foreach (IGrouping<int, int> ofClass in rows.GroupBy(row => corpus.Conditions[row]))
        {
            int[] members = [.. ofClass];
            Shuffling.Shuffle(members, seed, -1 - ofClass.Key);
            validation.UnionWith(members.Take((int)Math.Min(members.Length - 1,
                Math.Round(members.Length * options.Training.ValidationFraction))));
        }

        if (options.Training.ValidationFraction > 0 && validation.Count == 0)
        {
            throw new TextDataException($"{OptionIds.ValidationFraction.Set(options.Training.ValidationFraction)} of "
                + $"{Counted.Of(rows.Length, "row")} leaves nothing for validation. "
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
            weights[ofClass.Key] =
                (float)Math.Pow(rows.Length / ((double)weights.Length * ofClass.Count()), options.Classifier.ClassBalance);
        return weights;
    }

    /// <summary>
    /// Copies what a language model and a classifier have in common: the forward direction begins as the language model. The backward
    /// direction and the output layer are the classifier's own; what upper layers read of the backward direction begins with zeros.
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
