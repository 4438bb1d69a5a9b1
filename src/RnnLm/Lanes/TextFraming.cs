using RnnLm.Patterns;
using RnnLm.Text;

namespace RnnLm.Lanes;

/// <summary>
/// The tokens around a text, as the model saw them in training. A running text (<see cref="DataMode.Stream"/>) has none; a row stands
/// between start and end token; of a pair, the start token stands between input and target.
/// </summary>
internal sealed class TextFraming
{
    /// <param name="vocabulary">The model's vocabulary.</param>
    /// <param name="mode">What the model was trained on.</param>
    /// <param name="rowSeparator">What stood between the rows of a running text.</param>
    /// <exception cref="ArgumentException">Rows or pairs need start and end tokens, and the vocabulary has none.</exception>
    public TextFraming(CharVocabulary vocabulary, DataMode mode, string rowSeparator = "\n")
    {
        Vocabulary = vocabulary;
        Mode = mode;
        Patterns = new PatternCache(vocabulary);
        if (mode == DataMode.Stream)
        {
            Opening = FindOpening(vocabulary, rowSeparator);
            return;
        }

        if (vocabulary is not { StartId: int start, EndId: int end })
            throw new ArgumentException($"The vocabulary has no start and end tokens, which a model trained in mode {mode} needs.",
                nameof(vocabulary));
        EndId = end;
        if (mode == DataMode.Rows)
            BeforePrompt = [start];
        else
            AfterPrompt = [start];
    }

    public CharVocabulary Vocabulary { get; }

    public DataMode Mode { get; }

    /// <summary>Gets the patterns compiled over the vocabulary.</summary>
    public PatternCache Patterns { get; }

    /// <summary>Gets the tokens read before a prompt.</summary>
    public int[] BeforePrompt { get; } = [];

    /// <summary>Gets the tokens read after a prompt, before what is written.</summary>
    public int[] AfterPrompt { get; } = [];

    /// <summary>
    /// Gets the tokens read where there is no prompt and a running text is written: the row separator, after which rows began in training;
    /// where the vocabulary lacks it, a line feed, else a space, else the first character.
    /// </summary>
    public int[] Opening { get; } = [];

    /// <summary>Gets the token after a text, if the model knows one.</summary>
    public int? EndId { get; }

    private static int[] FindOpening(CharVocabulary vocabulary, string rowSeparator)
    {
        foreach (string opening in new[] { rowSeparator, "\n", " " })
        {
            if (opening.Length > 0 && opening.EnumerateRunes().All(character => vocabulary.TryGetId(character, out _)))
                return vocabulary.Encode(opening);
        }

        return [vocabulary.Size - vocabulary.Characters.Count];
    }
}
