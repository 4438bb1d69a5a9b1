using System.Text.Json;
using System.Text.Json.Serialization;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Text;

namespace RnnLm.Tests;

/// <summary>Models with PyTorch's weights, and what PyTorch says of some texts, from Fixtures/figures.json; compiled into the tests of all
/// that print or return figures.</summary>
internal static class PyTorchFigures
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };
    private static readonly Lazy<Document> s_document = new(Load);

    public static IReadOnlyList<LanguageFigures> LanguageModels => s_document.Value.LanguageModels;

    public static IReadOnlyList<ClassifierFigures> Classifiers => s_document.Value.Classifiers;

    public static TheoryData<string> LanguageModelNames => [.. LanguageModels.Select(model => model.Name)];

    public static TheoryData<string> ClassifierNames => [.. Classifiers.Select(model => model.Name)];

    /// <summary>Compares sums over texts: the counts to the unit, the means to a millionth of a nat.</summary>
    public static void AssertClose(TextEvaluation expected, TextEvaluation actual)
    {
        Assert.Equal(
            (expected.Count, expected.UnknownCharacters, expected.KnownCount, expected.KnownBytes),
            (actual.Count, actual.UnknownCharacters, actual.KnownCount, actual.KnownBytes));
        Assert.Equal(expected.LogProbability, actual.LogProbability, 1e-6 * Math.Max(1, expected.Count));
        Assert.Equal(expected.KnownLogProbability, actual.KnownLogProbability, 1e-6 * Math.Max(1, expected.KnownCount));
    }

    private static ModelWeights ToWeights(ModelConfig config, Dictionary<string, float[]> named)
    {
        var weights = new ModelWeights(config);
        Assert.Equal(named.Keys.Order(StringComparer.Ordinal), weights.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
        foreach (WeightTensor tensor in weights)
        {
            Assert.Equal(tensor.Values.Length, named[tensor.Name].Length);
            named[tensor.Name].CopyTo(tensor.Values, 0);
        }

        return weights;
    }

    private static Document Load()
    {
        using Stream stream = typeof(PyTorchFigures).Assembly.GetManifestResourceStream("figures.json")!;
        return JsonSerializer.Deserialize<Document>(stream, s_json)!;
    }

    /// <summary>A language model and its texts.</summary>
    internal sealed record LanguageFigures(
        string Name, DataMode Mode, VocabularyFigures Vocabulary, string[] Conditions, ModelConfig Config,
        Dictionary<string, float[]> Weights, RowFigures[] Rows, TextEvaluation Total)
    {
        public SavedModel ToSaved() => new()
        {
            Config = Config,
            Weights = ToWeights(Config, Weights),
            Vocabulary = Vocabulary.ToVocabulary(),
            DataMode = Mode,
            Conditions = Conditions,
        };

        public RnnLanguageModel ToModel() => new(new LoadedModel(ToSaved(), new DeviceOptions()));
    }

    /// <summary>A text, and PyTorch's figures of it.</summary>
    internal sealed record RowFigures(string Text, string? Target, string? Condition, TextEvaluation Figures)
    {
        public TextRow ToRow() => Target is null ? TextRow.Row(Text, Condition) : TextRow.Pair(Text, Target, Condition);
    }

    /// <summary>A classifier and its texts.</summary>
    internal sealed record ClassifierFigures(
        string Name, VocabularyFigures Vocabulary, string[] Classes, ModelConfig Config, Dictionary<string, float[]> Weights,
        LabelFigures[] Rows,
        double Accuracy, double MacroF1, double Loss, long LossRows, double? AreaUnderCurve)
    {
        public SavedModel ToSaved() => new()
        {
            Config = Config,
            Weights = ToWeights(Config, Weights),
            Vocabulary = Vocabulary.ToVocabulary(),
            DataMode = DataMode.Rows,
            Classes = Classes,
        };

        public RnnTextClassifier ToModel() => new(new LoadedModel(ToSaved(), new DeviceOptions()));
    }

    /// <summary>A labelled text, and PyTorch's probabilities.</summary>
    internal sealed record LabelFigures(string Label, string Text, double[] Probabilities);

    /// <summary>The characters that a model knows.</summary>
    internal sealed record VocabularyFigures(string Characters, UnknownCharacterPolicy UnknownCharacters, bool StartAndEnd)
    {
        public CharVocabulary ToVocabulary() => new(Characters.EnumerateRunes(), UnknownCharacters, StartAndEnd);
    }

    private sealed record Document(LanguageFigures[] LanguageModels, ClassifierFigures[] Classifiers);
}
