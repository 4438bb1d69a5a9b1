using System.Text;

namespace CorpusGenerator;

/// <summary>The corpus that the repository ships: one message a line, each of them once. The same seed gives the same bytes on every
/// machine.</summary>
internal static class Corpus
{
    public const ulong Seed = 20251122;
    public const int Length = 200_000;

    /// <summary>Writes messages until there are at least <paramref name="length"/> characters.</summary>
    public static string Write(ulong seed = Seed, int length = Length)
    {
        var random = new SplitMix64(seed);
        Grammar grammar = Grammar.Load();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            string message = grammar.Write("message", Facts.Draw(random), random);
            if (seen.Add(message))
                text.Append(message).Append('\n');
        }

        return text.ToString();
    }
}
