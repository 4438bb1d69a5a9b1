using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Trainers;

/// <summary>A model that is trained further, with the characters and conditions of new data beside its own.</summary>
internal static class GrownModel
{
    private const int MostListed = 30;

    /// <summary>Returns the model with what it knows already in its place; the model itself where there is nothing new.</summary>
    /// <param name="previous">The model.</param>
    /// <param name="vocabulary">Its characters, and new ones behind them.</param>
    /// <param name="conditions">Its conditions, and new ones behind them.</param>
    /// <param name="log">Where it is said what is new; null for nowhere.</param>
    public static SavedModel Of(
        SavedModel previous, CharVocabulary vocabulary, IReadOnlyList<string> conditions, IProgress<LogMessage>? log)
    {
        string[] characters = [.. vocabulary.Characters.Skip(previous.Vocabulary.Characters.Count).Select(c => $"'{c}'")];
        string[] names = [.. conditions.Skip(previous.Conditions.Count).Select(name => $"'{name}'")];
        if (characters.Length + names.Length == 0)
            return previous;
        log?.Report(new(LogSeverity.Info, $"Added to the previous model: {string.Join(" and ", new[]
        {
            Describe("character", characters), Describe("condition", names)
        }.OfType<string>())}."));

        ModelConfig config = previous.Config with { VocabularySize = vocabulary.Size, Conditions = conditions.Count };
        return previous with
        {
            Config = config,
            Weights = GrownWeights.Of(previous.Weights, previous.Config, config, vocabulary.SpecialTokens),
            Vocabulary = vocabulary,
            Conditions = conditions,
        };
    }

    private static string? Describe(string what, string[] names) => names.Length == 0 ? null
        : $"{Counted.Of(names.Length, what)} ({string.Join(", ", names.Take(MostListed))}{(names.Length > MostListed ? ", …" : "")})";
}
