using System.Text;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Runtime;
using RnnLm.Text;

namespace RnnLm.Onnx.Tests;

/// <summary>Small models of random weights, and texts for them.</summary>
internal static class SmallModels
{
    /// <summary>Characters of one, two, three and four bytes, and of two UTF-16 units.</summary>
    public const string Characters = "\n abcdeé中🙂𝄞";

    // What the models do not know, with line ends of other systems.
    private static readonly string[] Others = ["x", "ü", "語", "👩", "\r", "\r\n", "\n\r\n"];

    /// <summary>A model whose logits differ by several units from one text to another.</summary>
    public static SavedModel LanguageModel(ModelConfig config, DataMode mode = DataMode.Rows,
        UnknownCharacterPolicy unknown = UnknownCharacterPolicy.Token, string characters = Characters, string rowSeparator = "\n") =>
        Saved(config, new CharVocabulary(characters.EnumerateRunes(), unknown, mode != DataMode.Stream)) with
        {
            DataMode = mode,
            RowSeparator = rowSeparator,
            Conditions = [.. Enumerable.Range(0, config.Conditions).Select(i => $"condition {i}, é")],
        };

    public static SavedModel Classifier(ModelConfig config, UnknownCharacterPolicy unknown = UnknownCharacterPolicy.Token,
        int maxRowLength = 1000, string characters = Characters) =>
        Saved(config with { Task = ModelTask.Classification, Classes = 4 }, new CharVocabulary(characters.EnumerateRunes(), unknown)) with
        {
            MaxRowLength = maxRowLength,
            Classes = ["one", "two", "drei ü", ""],
        };

    public static RnnLanguageModel Open(SavedModel saved) => new(new LoadedModel(saved, Managed));

    public static RnnTextClassifier OpenClassifier(SavedModel saved) => new(new LoadedModel(saved, Managed));

    /// <summary>Texts of mixed lengths, some of them empty, with known and unknown characters.</summary>
    public static string[] Texts(int seed, int count = 24, bool unknown = true)
    {
        var random = new Random(seed);
        string[] known = [.. Characters.EnumerateRunes().Select(character => character.ToString())];
        var texts = new List<string> { "", "a", "🙂" };
        if (unknown)
            texts.AddRange(["x", "\r\n", "👩👩", "\ud83d", "b\r", "\r\r\n\n", "a\0c"]);
        while (texts.Count < count)
        {
            var text = new StringBuilder();
            for (int left = random.Next(40); left > 0; left--)
                text.Append(unknown && random.Next(6) == 0 ? Others[random.Next(Others.Length)] : known[random.Next(known.Length)]);
            texts.Add(text.ToString());
        }

        return [.. texts];
    }

    private static DeviceOptions Managed => new() { Engine = EngineKind.Managed, Device = "cpu", Threads = 1 };

    private static SavedModel Saved(ModelConfig config, CharVocabulary vocabulary)
    {
        config = config with { VocabularySize = vocabulary.Size };
        var weights = new ModelWeights(config);
        var random = new Random(5);
        foreach (WeightTensor tensor in weights)
        {
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)(random.NextDouble() - 0.5) * (tensor.Name.StartsWith("output", StringComparison.Ordinal)
                    ? 4
                    : 1);
        }

        return new() { Config = config, Weights = weights, Vocabulary = vocabulary };
    }
}
