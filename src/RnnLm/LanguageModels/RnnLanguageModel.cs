using System.Text;
using RnnLm.Engines;
using RnnLm.LanguageModels;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
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
public sealed partial class RnnLanguageModel : IDisposable
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

    /// <summary>Gets the conditions that the model knows; empty for a model without. Wherever a condition is asked for,
    /// <see langword="null"/> is none, and so is an empty text unless it is one of these.</summary>
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
    public static RnnLanguageModel Load(string path, DeviceOptions? device = null) => Open(ModelArchive.Load(path), device, $"'{path}'");

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

    private static RnnLanguageModel Open(SavedModel saved, DeviceOptions? device, string file = "The file")
    {
        if (saved.Signature != MemberSignature.LanguageModel)
            throw new FormatException($"{file} holds a text classifier, not a language model. Load it with RnnTextClassifier.Load.");
        return new RnnLanguageModel(new LoadedModel(saved, device ?? new DeviceOptions()));
    }

    private IEnumerable<ReadOnlyMemory<char>> Texts(IEnumerable<string> texts, string parameter) =>
        TextBatch.Read(texts, Vocabulary, parameter);

    private int ConditionId(string? condition) => KnownConditions.TryFind(condition, out int id) ? id
        : throw new ArgumentOutOfRangeException(nameof(condition), $"T{KnownConditions.Unknown(condition!)[1..]}");
}
