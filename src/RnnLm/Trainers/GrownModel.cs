using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Trainers;

/// <summary>A model that is trained further, with the characters, and the conditions or labels, of new data beside its own.</summary>
internal static class GrownModel
{
    private const int MostListed = 30;

    /// <summary>Returns the model with what it knows already in its place; the model itself where there is nothing new.</summary>
    /// <param name="previous">The model.</param>
    /// <param name="vocabulary">Its characters, and new ones behind them.</param>
    /// <param name="names">Its conditions or, of a classifier, its labels, and new ones behind them.</param>
    /// <param name="log">Where it is said what is new; null for nowhere.</param>
    public static SavedModel Of(
        SavedModel previous, CharVocabulary vocabulary, IReadOnlyList<string> names, IProgress<LogMessage>? log)
    {
        bool classifies = previous.Config.Task == ModelTask.Classification;
        string[] characters = [.. vocabulary.Characters.Skip(previous.Vocabulary.Characters.Count).Select(c => $"'{c}'")];
        string[] added = [.. names.Skip(classifies ? previous.Classes.Count : previous.Conditions.Count).Select(name => $"'{name}'")];
        if (characters.Length + added.Length == 0)
            return previous;
        log?.Report(new(LogSeverity.Info, $"Added to the previous model: {string.Join(" and ", new[]
        {
            Describe("character", characters), Describe(classifies ? "label" : "condition", added)
        }.OfType<string>())}."));

        IReadOnlyList<string> none = [];
        (IReadOnlyList<string> conditions, IReadOnlyList<string> labels) = classifies ? (none, names) : (names, none);
        ModelConfig config = previous.Config with
        {
            VocabularySize = vocabulary.Size,
            Conditions = conditions.Count,
            Classes = labels.Count,
        };
        return previous with
        {
            Config = config,
            Weights = GrownWeights.Of(previous.Weights, previous.Config, config, vocabulary.SpecialTokens),
            Vocabulary = vocabulary,
            Conditions = conditions,
            Classes = labels,
        };
    }

    private static string? Describe(string what, string[] names) => names.Length == 0 ? null
        : $"{Counted.Of(names.Length, what)} ({string.Join(", ", names.Take(MostListed))}{(names.Length > MostListed ? ", …" : "")})";
}
