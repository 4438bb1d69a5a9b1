using System.Text;
using RnnLm.Classification;
using RnnLm.Lanes;
using RnnLm.ModelFiles;
using RnnLm.Runtime;

namespace RnnLm;

/// <summary>A classifier that reads a text character by character and gives each label a probability. Safe for use by many threads at
/// once.</summary>
/// <example>
/// <code>
/// using RnnTextClassifier model = RnnTextClassifier.Train(rows.Select(row => new LabelledText(row.Name, row.Country)));
/// Console.WriteLine(model.Classify("Dostoevsky").Label);
/// </code>
/// </example>
public sealed class RnnTextClassifier : IDisposable
{
    private readonly LoadedModel _model;
    private int _disposed;

    /// <summary>Takes over one ownership of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="saved">What is told of the model and saved with it, where that is not what it was loaded with.</param>
    internal RnnTextClassifier(LoadedModel model, SavedModel? saved = null) => (_model, Saved) = (model, saved ?? model.Saved);

    /// <summary>Gets the characters that the model knows, in the order of their ids: that of their code points, and then those that a later
    /// training added.</summary>
    public IReadOnlyList<Rune> Characters => Saved.Vocabulary.Characters;

    /// <summary>Gets the labels, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Labels => Saved.Classes;

    /// <summary>Gets how the model was trained, if that is known.</summary>
    public TrainingSummary? TrainingSummary => Saved.Training;

    internal SavedModel Saved { get; }

    /// <summary>Trains a classifier.</summary>
    /// <param name="rows">The training data, read once. Rows without a label are not trained on.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="validation">The validation data, read once; <see langword="null"/> to keep the same fraction of each label's rows
    /// apart.</param>
    /// <param name="languageModel">A language model whose vocabulary, embedding and recurrent layers the classifier starts from; or
    /// <see langword="null"/>.</param>
    /// <param name="previous">A classifier to train further, which stays as it is: all of its weights are kept, and its network, characters
    /// and labels. With <see cref="VocabularyOptions.Grow"/>, characters and labels that it does not know are added behind its own. Data of
    /// a single label are enough. Or <see langword="null"/>.</param>
    /// <returns>The classifier, to be disposed.</returns>
    /// <exception cref="ArgumentException">There are both a language model and a previous classifier.</exception>
    /// <exception cref="OptionsException">Options are wrong, or ask for what the previous classifier is not; the message names
    /// each.</exception>
    /// <exception cref="TextDataException">There is too little text, or fewer than two labels; a row has a label that the previous
    /// classifier does not know and may not learn; or no row of the validation data has a label that is known.</exception>
    /// <exception cref="TrainingDivergedException">Training diverged before there was anything to keep.</exception>
    /// <exception cref="DeviceUnavailableException">The device or the engine asked for is not there.</exception>
    /// <exception cref="MemoryLimitException">The training takes more memory than there is; the message says what brings it
    /// down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the first step, or the options say that a cancelled training
    /// throws.</exception>
    public static RnnTextClassifier Train(
        IEnumerable<LabelledText> rows, TextClassifierOptions? options = null, IEnumerable<LabelledText>? validation = null,
        RnnLanguageModel? languageModel = null, RnnTextClassifier? previous = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (languageModel is not null && previous is not null)
        {
            throw new ArgumentException("A classifier starts from a language model or goes on from a classifier, not both. "
                + "Leave one of them out.", nameof(previous));
        }

        options = options is null ? new TextClassifierOptions() : new TextClassifierOptions(options);
        SavedModel saved = new TextClassifierTrainer(options, EngineSelector.Default)
            .Train(rows, validation, previous?.Saved ?? languageModel?.Saved);
        return new RnnTextClassifier(new LoadedModel(saved, options.Device, options.Training.Log));
    }

    /// <summary>Loads a classifier from a file that <see cref="Save(string)"/> or ML.NET wrote.</summary>
    /// <param name="path">The zip file.</param>
    /// <param name="device">Where it is to run; <see langword="null"/> for the managed engine on the CPU.</param>
    /// <returns>The classifier, to be disposed.</returns>
    /// <exception cref="FormatException">The file is damaged, is not a classifier of this library, or is of a newer format; the message
    /// says which.</exception>
    /// <exception cref="MemoryLimitException">The model takes more memory than there is.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static RnnTextClassifier Load(string path, DeviceOptions? device = null)
    {
        SavedModel saved = ModelArchive.Load(path, kind: MemberSignature.TextClassifier);
        if (saved.Signature != MemberSignature.TextClassifier)
            throw new FormatException($"'{path}' holds a language model, not a text classifier. Load it with RnnLanguageModel.Load.");
        return new RnnTextClassifier(new LoadedModel(saved, device ?? new DeviceOptions()));
    }

    /// <summary>Saves the classifier as a zip that ML.NET loads too. The file is replaced as a whole or not at all.</summary>
    /// <param name="path">The zip file.</param>
    /// <exception cref="IOException">The file can't be written, or is a device or a pipe.</exception>
    public void Save(string path) => ModelArchive.Save(path, Saved);

    /// <summary>Classifies a text.</summary>
    /// <param name="text">The text, read as far as in training: <see cref="DataOptions.MaxRowLength"/>, by default 1,000
    /// characters.</param>
    /// <returns>The most likely label, and the probability of each.</returns>
    public TextClassification Classify(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return Answer(Batches.Classify([text.AsMemory()])[0]);
    }

    /// <summary>Classifies texts in batches, reading them as results are asked for.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the model says of each text, in their order.</returns>
    public IEnumerable<TextClassification> ClassifyAll(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        ClassifierBatches batches = Batches;
        return batches.Read(texts, nameof(texts)).Chunk(LanePool.UsualLanes).SelectMany(chunk =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return batches.Classify(chunk).Select(Answer);
        });
    }

    /// <summary>Classifies texts whose labels are known, and says how well that went.</summary>
    /// <param name="rows">The texts with their labels, read once; of those without a label only the number is told. A label that the
    /// model does not know counts as predicted wrongly.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The accuracy, macro F1, loss and, of two labels, the area under the ROC curve.</returns>
    public ClassifierEvaluation Evaluate(IEnumerable<LabelledText> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var evaluation = new ClassifierEvaluation();
        var labels = new Queue<string>();
        IEnumerable<string> texts = rows.Where(row =>
        {
            evaluation.UnlabelledRows += row.Label is null ? 1 : 0;
            return row.Label is not null;
        }).Select(row =>
        {
            labels.Enqueue(row.Label!);
            return row.Text;
        });
        Dictionary<string, int> known = Labels.Select((label, index) => (label, index))
            .ToDictionary(l => l.label, l => l.index, StringComparer.Ordinal);
        foreach (TextClassification answer in ClassifyAll(texts, cancellationToken))
        {
            string label = labels.Dequeue();
            evaluation.Add(label, known.GetValueOrDefault(label, -1), answer);
        }

        return evaluation;
    }

    private ClassifierBatches Batches => new(Saved, _model.Classifier);

    private TextClassification Answer(float[] probabilities) =>
        new(Labels[probabilities.AsSpan().IndexOf(probabilities.Max())], probabilities);

    /// <summary>Gives back what the engine holds. Disposing twice does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            _model.Release();
    }
}
