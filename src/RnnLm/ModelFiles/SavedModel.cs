using RnnLm.Anomalies;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.ModelFiles;

/// <summary>
/// What a model file holds. It is kept as two streams, the same whether we or ML.NET make the zip around them: <c>config.json</c>, for
/// people too, and <c>model.safetensors</c>.
/// </summary>
internal sealed record SavedModel
{
    /// <summary>The name of the stream with everything but the weights.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The name of the stream with the weights.</summary>
    public const string WeightsName = "model.safetensors";

    /// <summary>The key in <see cref="Columns"/> of the column that is read.</summary>
    public const string InputColumn = "input";

    /// <summary>The key in <see cref="Columns"/> of the column that is written.</summary>
    public const string OutputColumn = "output";

    public required ModelConfig Config { get; init; }

    public required ModelWeights Weights { get; init; }

    /// <summary>Gets the loader signature of the transformer that runs the model in ML.NET, by which its kind is told.</summary>
    public string Signature => Config.Task == ModelTask.Classification ? MemberSignature.TextClassifier : MemberSignature.LanguageModel;

    /// <summary>Gets what training dropped, for people.</summary>
    public DropoutRates Dropout { get; init; } = DropoutRates.None;

    public required CharVocabulary Vocabulary { get; init; }

    /// <summary>Gets what the rows of the training data were.</summary>
    public DataMode DataMode { get; init; }

    /// <summary>Gets what stood between the rows of a running text: a text without a prompt begins after it.</summary>
    public string RowSeparator { get; init; } = "\n";

    /// <summary>Gets the number of characters of a text that a classifier reads, as in training.</summary>
    public int MaxRowLength { get; init; } = new DataOptions().MaxRowLength;

    /// <summary>Gets the names of the conditions, in the order of their indices.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Gets the number of training rows of each condition; empty where it is not known.</summary>
    public IReadOnlyList<long> ConditionCounts { get; init; } = [];

    /// <summary>Gets the names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Gets the names of columns by their part in the model: <see cref="InputColumn"/>, <see cref="OutputColumn"/> and what else
    /// an adapter needs.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { [InputColumn] = "Text", [OutputColumn] = "Continuation" };

    /// <summary>Gets the settings that text is drawn with where none are given.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Gets how the model was trained, if that is known.</summary>
    public TrainingSummary? Training { get; init; }

    /// <summary>Gets what anomalies are told by, where the model was calibrated.</summary>
    public CalibrationData? Calibration { get; init; }

    /// <summary>Gets further facts about the model, for people.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets the compact filter by which a sample is recognised as part of the training text, if it was asked for.</summary>
    public TrainingTextFilter? TrainingText { get; init; }
}
