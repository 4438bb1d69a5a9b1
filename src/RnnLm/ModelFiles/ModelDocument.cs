using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RnnLm.Diagnostics;
using RnnLm.Engines;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.ModelFiles;

/// <summary>The contents of <c>config.json</c>, property by property.</summary>
internal sealed record ModelDocument
{
    public required int FormatVersion { get; init; }

    /// <summary>Gets the program and version that wrote the file.</summary>
    public required string Producer { get; init; }

    public required NetworkDocument Model { get; init; }

    public required VocabularyDocument Vocabulary { get; init; }

    public required DataMode DataMode { get; init; }

    /// <summary>Gets what stood between the rows of a running text. Files of before it was kept, and of rows and pairs, have
    /// none.</summary>
    public string? RowSeparator { get; init; }

    /// <summary>Gets the number of characters of a text that a classifier reads. Files of before it was kept, and of language models, have
    /// none.</summary>
    public int? MaximumRowLength { get; init; }

    public required IReadOnlyList<string> Conditions { get; init; }

    /// <summary>Gets the number of training rows of each condition. Files of before it was kept, and of models without conditions, have
    /// none.</summary>
    public IReadOnlyList<long>? ConditionCounts { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public TrainingSummary? Training { get; init; }

    /// <summary>Gets what anomalies are told by, where the model was calibrated.</summary>
    public CalibrationDocument? Calibration { get; init; }
}

/// <summary>
/// A <see cref="ModelConfig"/> in JSON. The dropout that the model was trained with stands here too: it is no part of the model, but every
/// file has it here.
/// </summary>
internal sealed record NetworkDocument
{
    public ModelTask Task { get; init; }

    public required CellType Cell { get; init; }

    public Nonlinearity Nonlinearity { get; init; }

    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    public int Layers { get; init; } = 1;

    public int EmbeddingSize { get; init; }

    public double Dropout { get; init; }

    public double InputDropout { get; init; }

    public double OutputDropout { get; init; }

    public double RecurrentDropout { get; init; }

    public bool TieWeights { get; init; }

    public InitialState InitialState { get; init; }

    public int Conditions { get; init; }

    public bool Bidirectional { get; init; }

    public Pooling Pooling { get; init; }

    public int Classes { get; init; }

    public static NetworkDocument Of(ModelConfig config, DropoutRates dropout) => new()
    {
        Task = config.Task,
        Cell = config.Cell,
        Nonlinearity = config.Nonlinearity,
        VocabularySize = config.VocabularySize,
        HiddenSize = config.HiddenSize,
        Layers = config.Layers,
        EmbeddingSize = config.EmbeddingSize,
        Dropout = dropout.BetweenLayers,
        InputDropout = dropout.Input,
        OutputDropout = dropout.Output,
        RecurrentDropout = dropout.Recurrent,
        TieWeights = config.TieWeights,
        InitialState = config.InitialState,
        Conditions = config.Conditions,
        Bidirectional = config.Bidirectional,
        Pooling = config.Pooling,
        Classes = config.Classes,
    };

    public ModelConfig ToConfig() => new()
    {
        Task = Task,
        Cell = Cell,
        Nonlinearity = Nonlinearity,
        VocabularySize = VocabularySize,
        HiddenSize = HiddenSize,
        Layers = Layers,
        EmbeddingSize = EmbeddingSize,
        TieWeights = TieWeights,
        InitialState = InitialState,
        Conditions = Conditions,
        Bidirectional = Bidirectional,
        Pooling = Pooling,
        Classes = Classes,
    };

    public DropoutRates ToDropout() => new()
    {
        BetweenLayers = Dropout,
        Input = InputDropout,
        Output = OutputDropout,
        Recurrent = RecurrentDropout
    };

    /// <summary>Says what is wrong with what comes from a file.</summary>
    public void Check(OptionFaults all)
    {
        ToConfig().Check(all);
        OptionFaults faults = all.In("Model");
        faults.Probability(Dropout);
        faults.Probability(InputDropout);
        faults.Probability(OutputDropout);
        faults.Probability(RecurrentDropout);
    }
}

/// <summary>A <see cref="CharVocabulary"/> in JSON.</summary>
internal sealed record VocabularyDocument
{
    /// <summary>Gets the characters in the order of their ids.</summary>
    public required string Characters { get; init; }

    public required UnknownCharacterPolicy UnknownCharacters { get; init; }

    public required bool StartAndEnd { get; init; }
}

/// <summary>The part of <c>config.json</c> that every version of the format has.</summary>
internal sealed record ModelDocumentVersion
{
    public required int FormatVersion { get; init; }
}

[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ModelDocumentVersion))]
internal sealed partial class ModelDocumentJson : JsonSerializerContext
{
    private static readonly JsonNamingPolicy Names = JsonNamingPolicy.SnakeCaseLower;

    public static ModelDocumentJson Strict { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = Names,
        WriteIndented = true,
        NewLine = "\n",
        // The file is no part of a web page: characters stand for themselves.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // What is computed from other properties is not kept.
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        Converters =
        {
            new JsonStringEnumConverter<CellType>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<DataMode>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<InitialState>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<ModelTask>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<Nonlinearity>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<Pooling>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<StopReason>(Names, allowIntegerValues: false),
            new JsonStringEnumConverter<UnknownCharacterPolicy>(Names, allowIntegerValues: false),
        },
    });
}
