using System.Runtime.CompilerServices;
using System.Text;
using RnnLm.Engines;
using RnnLm.Features;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Scoring;
using RnnLm.Text;

namespace RnnLm;

/// <summary>
/// A character language model: trained on text, it continues prompts, says how usual a text is, and turns text into features. Safe for use
/// by many threads at once.
/// </summary>
/// <example>
/// <code>
/// using RnnLanguageModel model = RnnLanguageModel.Train(File.ReadLines("orders.txt").Select(TextRow.Row));
/// Console.WriteLine(model.Generate("Dear "));
/// model.Save("orders.zip");
/// </code>
/// </example>
public sealed class RnnLanguageModel : IDisposable
{
    private readonly LoadedModel _model;
    private readonly Lazy<AnomalyDetector?> _detector;
    private int _disposed;

    /// <summary>Takes over one ownership of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="saved">What is told of the model and saved with it, where that is not what it was loaded with.</param>
    internal RnnLanguageModel(LoadedModel model, SavedModel? saved = null)
    {
        (_model, Saved) = (model, saved ?? model.Saved);
        KnownConditions = new KnownConditions(Saved.Conditions);
        _detector = new(() => Saved.Calibration is { } calibration ? new AnomalyDetector(this, calibration) : null);
    }

    /// <summary>Gets the characters that the model knows, in the order of their ids: that of their code points, and then those that a later
    /// training added.</summary>
    public IReadOnlyList<Rune> Characters => Saved.Vocabulary.Characters;

    /// <summary>Gets what the rows of the training data were.</summary>
    public DataMode Mode => Saved.DataMode;

    /// <summary>Gets the conditions that the model knows; empty for a model without.</summary>
    public IReadOnlyList<string> Conditions => Saved.Conditions;

    /// <summary>
    /// Gets how many rows of the training data each of <see cref="Conditions"/> had; empty for a model that does not know it, being without
    /// conditions or trained by a version that did not keep it.
    /// </summary>
    public IReadOnlyList<long> ConditionCounts => Saved.ConditionCounts;

    /// <summary>Gets how the model writes where nothing else is said: a copy of the options saved with it.</summary>
    public SamplingOptions Sampling => Saved.Sampling.Clone();

    /// <summary>Gets how the model was trained, if that is known.</summary>
    public TrainingSummary? TrainingSummary => Saved.Training;

    /// <summary>
    /// Gets what says whether a text occurs in the training data, if <see cref="LanguageModelDataOptions.KeepTextFilter"/> asked for it.
    /// </summary>
    public TrainingTextFilter? TrainingText => Saved.TrainingText;

    /// <summary>Gets what says whether texts are plausible, where the model was saved by <see cref="AnomalyDetector.Save(string)"/>; made
    /// at the first call.</summary>
    public AnomalyDetector? AnomalyDetector => _detector.Value;

    internal SavedModel Saved { get; }

    /// <summary>Gets the network.</summary>
    internal ModelConfig Config => Saved.Config;

    internal CharVocabulary Vocabulary => Saved.Vocabulary;

    internal LoadedModel Loaded => _model;

    internal KnownConditions KnownConditions { get; }

    /// <summary>Trains a model.</summary>
    /// <param name="rows">The training data; read once, row by row.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="validation">The validation data, read once; <see langword="null"/> to keep a fraction of the training data
    /// apart.</param>
    /// <param name="previous">A model to train further on new text, whose network is kept; characters that it does not know follow its
    /// policy for unknown ones, or are learned where <see cref="VocabularyOptions.Grow"/> says so.</param>
    /// <returns>The model, to be disposed.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="TextDataException">There is too little text, or it does not fit the options.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    /// <exception cref="DeviceUnavailableException">The device or the engine asked for is not there.</exception>
    /// <exception cref="MemoryLimitException">The training takes more memory than there is; the message says what brings it
    /// down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step, or the options say that a cancelled training
    /// throws.</exception>
    public static RnnLanguageModel Train(
        IEnumerable<TextRow> rows, LanguageModelOptions? options = null, IEnumerable<TextRow>? validation = null,
        RnnLanguageModel? previous = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options = options is null ? new LanguageModelOptions() : new LanguageModelOptions(options);
        SavedModel saved = new LanguageModelTrainer(options, EngineSelector.Default).Train(rows, validation, previous?.Saved);
        return new RnnLanguageModel(new LoadedModel(saved, options.Device, options.Training.Log));
    }

    /// <summary>Loads a model from a file that <see cref="Save(string)"/> or ML.NET wrote.</summary>
    /// <param name="path">The zip file.</param>
    /// <param name="device">Where it is to run; <see langword="null"/> for the managed engine on the CPU.</param>
    /// <returns>The model, to be disposed.</returns>
    /// <exception cref="FormatException">The file is damaged, is not a model of this library, or is of a newer format; the message says
    /// which.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static RnnLanguageModel Load(string path, DeviceOptions? device = null) => Open(ModelArchive.Load(path), device);

    /// <summary>Loads a model from a stream that can seek.</summary>
    /// <param name="stream">The zip; it stays open.</param>
    /// <param name="device">Where it is to run; <see langword="null"/> for the managed engine on the CPU.</param>
    /// <returns>The model, to be disposed.</returns>
    /// <exception cref="FormatException">The stream is damaged, is not a model of this library, or is of a newer format; the message says
    /// which.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    public static RnnLanguageModel Load(Stream stream, DeviceOptions? device = null) => Open(ModelArchive.Load(stream), device);

    /// <summary>Saves the model as a zip that ML.NET loads too. The file is replaced as a whole or not at all.</summary>
    /// <param name="path">The zip file.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public void Save(string path) => ModelArchive.Save(path, Saved);

    /// <summary>Saves the model as a zip that ML.NET loads too.</summary>
    /// <param name="stream">Where the zip is written; it stays open.</param>
    public void Save(Stream stream) => ModelArchive.Save(stream, Saved);

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">The text to continue; empty to begin one.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>What was written: the first sample, or the best beam.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known.</exception>
    public string Generate(string prompt = "", SamplingOptions? options = null, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Generator(options, 1).Generate(new GenerationRequest(prompt.AsMemory(), Condition: ConditionId(condition))).Samples[0].Text;
    }

    /// <summary>Continues prompts in batches, reading them as results are asked for.</summary>
    /// <param name="prompts">The prompts. With a seed, what is written for one depends on seed, prompt and its place in this
    /// sequence.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The samples of each prompt, in the order of the prompts.</returns>
    public IEnumerable<IReadOnlyList<GeneratedText>> GenerateAll(
        IEnumerable<string> prompts, SamplingOptions? options = null, string? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        int id = ConditionId(condition);
        return Generator(options, LanePool.UsualLanes)
            .Generate(prompts.Select((prompt, row) => new GenerationRequest(Memory(prompt, nameof(prompts)), (ulong)row, Condition: id)),
                cancellationToken)
            .Select(result => result.Samples);
    }

    /// <summary>
    /// Continues prompts, each anew until its text is valid. So texts have the model's own distribution given that they are valid, which a
    /// <see cref="SamplingOptions.Pattern"/> alone does not give, and may obey rules that no pattern can say, such as check digits.
    /// </summary>
    /// <param name="prompts">The prompts, as for <see cref="GenerateAll"/>. The first try for each is the text that is written
    /// there.</param>
    /// <param name="isValid">
    /// Says whether a text may be kept: <see cref="CheckDigits.Iban"/>, or any other. It is given the text as it would be returned, and
    /// called on the thread that reads the results.
    /// </param>
    /// <param name="maxTries">How many texts are written for a prompt at most. At temperature 0, at which all are the same, there is
    /// one.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>. One text is written, without beam search.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The text for each prompt, in the order of the prompts; with no text where none of the tries was valid.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTries"/> is below 1; options are wrong, or the condition is not
    /// known.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="isValid"/> failed; the message has the text.</exception>
    public IEnumerable<ValidatedText> GenerateValid(
        IEnumerable<string> prompts, Func<string, bool> isValid, int maxTries = 100, SamplingOptions? options = null,
        string? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(isValid);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTries, 1);
        int id = ConditionId(condition);
        return Generator(options, LanePool.UsualLanes, new TextValidator(isValid, maxTries))
            .Generate(prompts.Select((prompt, row) => new GenerationRequest(Memory(prompt, nameof(prompts)), (ulong)row, Condition: id)),
                cancellationToken)
            .Select(result => new ValidatedText(result.Samples.Count > 0 ? result.Samples[0] : null, result.Tries));
    }

    /// <summary>Continues a prompt, piece by piece as it is written. Pieces are whole characters, and never part of a stop
    /// string.</summary>
    /// <param name="prompt">The text to continue; empty to begin one.</param>
    /// <param name="options">How; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The pieces.</returns>
    public IAsyncEnumerable<string> GenerateAsync(
        string prompt = "", SamplingOptions? options = null, string? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Generate(cancellationToken);

        async IAsyncEnumerable<string> Generate([EnumeratorCancellation] CancellationToken stop)
        {
            using GenerationSession session = StartSession(options, condition);
            session.Append(prompt);
            await foreach (string piece in session.GenerateAsync(cancellationToken: stop).ConfigureAwait(false))
                yield return piece;
        }
    }

    /// <summary>Starts a session that keeps its state, so that a conversation or an editor goes on without reading its text
    /// again.</summary>
    /// <param name="options">How it writes; <see langword="null"/> for <see cref="Sampling"/>.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>The session, to be disposed; used by one thread at a time.</returns>
    public GenerationSession StartSession(SamplingOptions? options = null, string? condition = null) =>
        new(Inference, _model.Framing, ConditionId(condition), options ?? Saved.Sampling);

    /// <summary>
    /// Suggests how a text goes on: the likeliest completions, each with its probability, and where typos are allowed those of a corrected
    /// text. The search is exact: nothing likelier is left out.
    /// </summary>
    /// <param name="prefix">The beginning of the text, as it was typed; of pairs, the input.</param>
    /// <param name="options">What is suggested; <see langword="null"/> for the defaults.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The suggestions, the most probable first.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentException">
    /// A character is unknown, no typos are allowed, and the model was trained to refuse such.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known.</exception>
    public SuggestionList Suggest(
        string prefix, SuggestOptions? options = null, string? condition = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        using SuggestSession session = StartSuggesting(options, condition);
        session.Text = prefix;
        return session.Suggest(cancellationToken);
    }

    /// <summary>
    /// Starts a session of suggestions for a text that is being typed, in which nothing is read again when the next key comes.
    /// </summary>
    /// <param name="options">What is suggested; <see langword="null"/> for the defaults.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>The session, to be disposed; used by one thread at a time.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The condition is not known.</exception>
    public SuggestSession StartSuggesting(SuggestOptions? options = null, string? condition = null) =>
        new(Inference, _model.Framing, ConditionId(condition), options ?? new SuggestOptions());

    /// <summary>Says how usual a text is.</summary>
    /// <param name="text">The text.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>Its log-probability, perplexity and least likely character.</returns>
    public TextScore Score(string text, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ScoreAll([text], condition).Single();
    }

    /// <summary>Says how usual texts are, in batches, reading them as results are asked for.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The scores, in the order of the texts.</returns>
    public IEnumerable<TextScore> ScoreAll(IEnumerable<string> texts, string? condition = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int id = ConditionId(condition);
        return Score(texts.Select(text => new ScoreRequest(Memory(text, nameof(texts)), Condition: id)), cancellationToken);
    }

    /// <summary>Says how usual texts are, each under its own condition; of pairs, how usual the target is after the input.</summary>
    /// <param name="rows">The rows; their memory must stay as it is until their score is returned.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The scores, in the order of the rows.</returns>
    /// <exception cref="TextDataException">A row is a pair and the model is not of pairs, or the other way round; or the model does not
    /// know a condition.</exception>
    public IEnumerable<TextScore> ScoreAll(IEnumerable<TextRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Score(new ScoredRows(Saved, KnownConditions).Each(rows), cancellationToken);
    }

    /// <summary>
    /// Says how well the model predicts some data, read as training reads them: of a running text, rows are one text, with
    /// <see cref="LanguageModelDataOptions.RowSeparator"/> between them; otherwise each is a text of its own, and empty ones are left out.
    /// </summary>
    /// <remarks>
    /// A running text is scored in pieces of 8,192 characters side by side, each after the 1,024 characters before it: text up to that
    /// length gives the figures of <see cref="Score(string, string?)"/>, a longer one gives them as far as the model does not remember over
    /// more than 1,024 characters.
    /// </remarks>
    /// <param name="rows">The rows; their memory must stay as it is until all are read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The sums over all rows.</returns>
    /// <exception cref="TextDataException">A row is a pair and the model is not of pairs, or the other way round; or the model does not
    /// know a condition.</exception>
    public TextEvaluation Evaluate(IEnumerable<TextRow> rows, CancellationToken cancellationToken = default) =>
        Evaluate(rows, Saved.RowSeparator, cancellationToken);

    /// <inheritdoc cref="Evaluate(IEnumerable{TextRow}, CancellationToken)"/>
    internal TextEvaluation Evaluate(IEnumerable<TextRow> rows, string separator, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var read = new ScoredRows(Saved, KnownConditions);
        TextEvaluation total = default;
        foreach (TextScore score in Score(read.AsInTraining(rows, separator), cancellationToken))
            total += score.Evaluation;
        return total with { UnknownCharacters = total.UnknownCharacters + read.LeftOut };
    }

    /// <summary>Learns from rows that the model was not trained on how likely texts usually are, so that implausible ones can be
    /// told.</summary>
    /// <param name="heldOut">Good rows of the kind that will be checked; empty ones are left out. Rows of the training data are too likely,
    /// and more new ones would be called anomalies than was asked for.</param>
    /// <param name="options">How many good texts may be called anomalies; <see langword="null"/> for one in a hundred.</param>
    /// <param name="bad">Rows that are known to be bad, to choose the threshold by: the one with the highest F1 score on both kinds of
    /// rows, in place of the rate of false positives. <see langword="null"/> for the rate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What says of texts whether they are plausible.</returns>
    /// <exception cref="OptionsException">Options are wrong; the message names each.</exception>
    /// <exception cref="TextDataException">There are too few rows for the rate; or a row does not fit the model.</exception>
    public AnomalyDetector Calibrate(IEnumerable<TextRow> heldOut, AnomalyOptions? options = null, IEnumerable<TextRow>? bad = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        return AnomalyDetector.Calibrate(this, heldOut, options ?? new AnomalyOptions(), bad, cancellationToken);
    }

    /// <summary>Turns a text into features: the hidden state of the top layer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pooling">The state after the text, or the mean or maximum over its characters.</param>
    /// <param name="condition">One of <see cref="Conditions"/>, or <see langword="null"/> for none.</param>
    /// <returns>The features. // [H]</returns>
    public float[] Encode(string text, Pooling pooling = Pooling.Last, string? condition = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TextEncoder(Inference, _model.Framing, 1,
            pooling).Encode(new EncodeRequest(text.AsMemory(), ConditionId(condition))).Features;
    }

    /// <summary>Gives back what the engine holds. Disposing twice does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _model.Release();
    }

    private ILanguageModelRuntime Inference
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return _model.LanguageModel;
        }
    }

    private static RnnLanguageModel Open(SavedModel saved, DeviceOptions? device)
    {
        if (saved.Signature != MemberSignature.LanguageModel)
            throw new FormatException("The file holds a text classifier, not a language model. Load it with RnnTextClassifier.Load.");
        return new RnnLanguageModel(new LoadedModel(saved, device ?? new DeviceOptions()));
    }

    private static ReadOnlyMemory<char> Memory(string? text, string parameter) =>
        text is null ? throw new ArgumentNullException(parameter, "A text is null.") : text.AsMemory();

    private IEnumerable<TextScore> Score(IEnumerable<ScoreRequest> requests, CancellationToken cancellationToken) =>
        new TextScorer(Inference, _model.Framing, LanePool.UsualLanes).Score(requests, cancellationToken);

    internal TextGenerator Generator(SamplingOptions? options, int batchSize, ITextJudge? judge = null) =>
        new(Inference, _model.Framing, options ?? Saved.Sampling, batchSize, judge);

    private int ConditionId(string? condition)
    {
        if (condition is null)
            return -1;
        int id = KnownConditions.Find(condition);
        return id >= 0 ? id : throw new ArgumentOutOfRangeException(nameof(condition), $"T{KnownConditions.Unknown(condition)[1..]}");
    }
}
