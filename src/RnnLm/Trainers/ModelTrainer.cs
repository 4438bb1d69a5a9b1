using System.Security.Cryptography;
using RnnLm.Data;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Text;
using RnnLm.Training;

namespace RnnLm.Trainers;

/// <summary>
/// From rows of text to a trained model: reads the data, makes the network, chooses the engine, and runs the training loop. What rows are,
/// what the network puts out and what is saved is the matter of each kind of model.
/// </summary>
/// <param name="options">The options, a copy of the user's; changed.</param>
/// <param name="engines">The engines to choose from.</param>
internal abstract class ModelTrainer<TRow>(TrainerOptions options, EngineSelector engines)
{
    /// <summary>Gets what the names that rows may have are called in a checkpoint.</summary>
    protected abstract string NamesOfRows { get; }

    /// <summary>Gets how large minibatches are, as far as the options say it.</summary>
    protected virtual MinibatchSize Size => new(options.CommonData.BatchSize, OptionIds.MaxRowLength);

    /// <summary>Trains a model.</summary>
    /// <param name="rows">The training data; read once.</param>
    /// <param name="validation">The validation data, read once, or null to keep a fraction of the training data apart.</param>
    /// <param name="previous">A model to start from, whose vocabulary and layers are kept; or null.</param>
    /// <exception cref="OptionsException">Options are wrong, or contradict the previous model.</exception>
    public SavedModel Train(IEnumerable<TRow> rows, IEnumerable<TRow>? validation, SavedModel? previous)
    {
        if (previous is not null)
            Keep(previous);
        options.Validate();
        TrainingOptions training = options.CommonTraining;
        options.CommonData.CheckLineEnds(previous?.Vocabulary);
        using var checkpoint = TrainingCheckpoint.Open(training);
        // From the system's secure source: the noise of private training is no safer than its seed.
        long seed = training.Seed ?? checkpoint?.Found?.Seed
            ?? (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue);
        if (training.IsPrivate)
            PrivateTraining.Warn(options, previous);
        DeviceOptions device = training.IsPrivate ? PrivateTraining.OnManagedEngine(options.Device) : options.Device;
        EngineChoice choice = engines.ForTraining(device, training.Log);
        DropoutRates dropout = DropoutRates.Of(options.CommonModel);
        var session = new TrainingSessionOptions
        {
            Optimizer = options.Optimizer,
            Dropout = dropout,
            Threads = choice.Threads,
            Privacy = training.IsPrivate ? new(training.PrivacyNoise, training.PrivacyClipNorm, Size.Sequences) : null,
        };
        var memory = new TrainingMemory(choice, session, training, Size, resizable: previous is null);
        memory.Require(Configure(corpus: null, previous));

        Corpus corpus = Read(rows, CorpusReader(previous?.Vocabulary, KnownNames(previous), goesOn: previous is not null), "training");
        SavedModel? start = previous is null ? null : Grow(previous, corpus);
        ModelConfig config = Configure(corpus, start);
        TrainingBatches batches = MakeBatches(corpus, validation, (ulong)seed);
        memory.Require(config, batches.Training, batches.Validation);
        ModelWeights weights = StartingWeights(config, start, (ulong)seed);

        TrainingRun run = AddOwn(new TrainingRun(
            config, weights, batches.Training, batches.Validation, options.Optimizer, training, choice, options.Device.MixedPrecision, seed)
        {
            Dropout = dropout,
            ClassWeights = batches.ClassWeights,
        });
        if (checkpoint is not null)
        {
            checkpoint.Fingerprint = Fingerprint()
                .Set(OptionIds.Seed, seed)
                .Set(OptionIds.Engine, choice.Engine.Kind)
                .AddData(corpus, batches.Validation?.Own, NamesOfRows, previous?.Weights);
        }

        (ModelWeights best, TrainingSummary summary) = run.Execute(checkpoint, corpus.Tokens.Count);
        if (summary.Privacy is { } privacy)
            summary = summary.WithoutTrainingLosses() with { Privacy = privacy with { IsFromPreviousModel = previous is not null } };
        return Save(new SavedModel { Config = config, Dropout = dropout, Weights = best, Vocabulary = corpus.Vocabulary,
            Training = summary }, corpus);
    }

    /// <summary>Makes the options those of the model to start from, as far as it decides them.</summary>
    protected abstract void Keep(SavedModel previous);

    /// <summary>Returns the conditions or labels that are known before the data are read, in their order; or null.</summary>
    protected abstract IReadOnlyList<string>? KnownNames(SavedModel? previous);

    /// <summary>Begins to read rows.</summary>
    /// <param name="vocabulary">The characters that are known before; or null.</param>
    /// <param name="names">The conditions or labels that are known before; or null.</param>
    /// <param name="goesOn">Whether the characters are those of a model to start from, which may grow.</param>
    protected abstract CorpusBuilder CorpusReader(CharVocabulary? vocabulary, IReadOnlyList<string>? names, bool goesOn);

    /// <summary>Adds a row to what is read.</summary>
    protected abstract void Add(CorpusBuilder builder, TRow row);

    /// <summary>Returns the model to start from with what the data have beyond what it knows, as far as that was let into the
    /// corpus.</summary>
    protected abstract SavedModel Grow(SavedModel previous, Corpus corpus);

    /// <summary>Returns the network; where the data are not read yet, the smallest that it may be.</summary>
    /// <exception cref="TextDataException">The data are not enough for such a model.</exception>
    protected abstract ModelConfig Configure(Corpus? corpus, SavedModel? previous);

    /// <summary>Makes minibatches, from the data for validation or from a part of the training data for it.</summary>
    protected abstract TrainingBatches MakeBatches(Corpus corpus, IEnumerable<TRow>? validation, ulong seed);

    /// <summary>Returns the weights that training starts from.</summary>
    protected abstract ModelWeights StartingWeights(ModelConfig config, SavedModel? previous, ulong seed);

    /// <summary>Returns the fingerprint of all options that this kind of model has.</summary>
    protected abstract TrainingFingerprint Fingerprint();

    /// <summary>Adds to a run what only this kind of model has.</summary>
    protected virtual TrainingRun AddOwn(TrainingRun run) => run;

    /// <summary>Adds to a trained model what only this kind has.</summary>
    protected abstract SavedModel Save(SavedModel model, Corpus corpus);

    /// <summary>Reads the data for validation as those for training.</summary>
    protected Corpus ReadValidation(IEnumerable<TRow> rows, Corpus training) =>
        Read(rows, CorpusReader(training.Vocabulary, training.ConditionNames, goesOn: false), "validation");

    /// <summary>Draws weights as the options say.</summary>
    protected ModelWeights Draw(ModelConfig config, ulong seed) =>
        WeightInitializer.Draw(config, options.CommonModel.Initialization, options.CommonModel.InitializationStandardDeviation, seed);

    private Corpus Read(IEnumerable<TRow> rows, CorpusBuilder builder, string what)
    {
        foreach (TRow row in rows)
        {
            options.CommonTraining.CancellationToken.ThrowIfCancellationRequested();
            Add(builder, row);
        }

        return builder.Build(options.CommonTraining.Log, what);
    }
}
