using System.Text;
using RnnLm.Text;

namespace RnnLm.PyTorch;

/// <summary>The tokens of a model of another program as a vocabulary, and which of its rows stand for which of ours.</summary>
internal sealed class TorchTokens
{
    private static readonly string[] Unknown = ["<unk>", "[unk]"], Start = ["<s>", "<sos>", "<bos>", "<start>", "[bos]", "[sos]"],
        End = ["</s>", "<eos>", "<end>", "[eos]"], Padding = ["<pad>", "[pad]"];

    /// <param name="tokens">The tokens in the order of their ids: characters, and special tokens by their usual names.</param>
    /// <param name="file">The file that they are from, for messages; null where they are from none.</param>
    /// <exception cref="FormatException">A token is neither, or there is one twice.</exception>
    public TorchTokens(IReadOnlyList<string> tokens, string? file = null)
    {
        Count = tokens.Count;
        // Only in a file of lines does the id tell the place.
        bool hasLines = file is not null && !TorchVocabulary.IsJson(file);
        string its = file is null ? "its vocabulary" : $"its vocabulary '{file}'";
        int? unknown = Take(Unknown), start = Take(Start), end = Take(End), padding = Take(Padding);
        int[] ids = [.. Enumerable.Range(0, tokens.Count).Where(id => id != unknown && id != start && id != end && id != padding)];
        int[] odd = [.. ids.Where(id => !IsCharacter(tokens[id]))];
        if (odd.Length > 0)
        {
            throw new FormatException($"{its} has tokens that are neither one character nor one of "
                + $"{string.Join(", ", [.. Unknown, .. Start, .. End, .. Padding])}: {List(odd)}");
        }

        if (start is null != end is null)
        {
            throw new FormatException($"{its} has a token for the {(end is null ? "start" : "end")} of a text, "
                + $"{List([(start ?? end)!.Value])}, but none for the {(end is null ? "end" : "start")}");
        }

        if (ids.Length == 0)
            throw new FormatException($"{its} has no character");
        IGrouping<string, int>? twice = ids.GroupBy(id => tokens[id], StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
            throw new FormatException($"{its} has a character more than once: {List([.. twice])}");
        Vocabulary = CharVocabulary.InOrder(ids.Select(id => Rune.GetRuneAt(tokens[id], 0)),
            unknown is null ? UnknownCharacterPolicy.Throw : UnknownCharacterPolicy.Token, startAndEnd: start is not null);
        Rows = [.. new[] { unknown, start, end }.OfType<int>(), .. ids];

        int? Take(string[] names)
        {
            int[] found = [.. Enumerable.Range(0, tokens.Count).Where(id => names.Contains(tokens[id], StringComparer.OrdinalIgnoreCase))];
            return found.Length > 1 ? throw new FormatException($"{its} has several tokens for one purpose: {List(found)}")
                : found.Length == 1 ? found[0] : null;
        }

        string List(int[] list) => string.Join(", ", list.Take(10).Select(id =>
            $"'{Shown(tokens[id])}' ({(hasLines ? $"line {id + 1}" : $"id {id}")})")) + (list.Length > 10 ? ", …" : "");
    }

    /// <summary>Gets the number of tokens that the model has, with those that are left out.</summary>
    public int Count { get; }

    /// <summary>Gets the vocabulary. Padding is left out: it is never written.</summary>
    public CharVocabulary Vocabulary { get; }

    /// <summary>Gets the id that the model has for each id of the vocabulary. // [V]</summary>
    public int[] Rows { get; }

    private static bool IsCharacter(string token) =>
        token.Length > 0 && Rune.TryGetRuneAt(token, 0, out Rune rune) && rune.Utf16SequenceLength == token.Length;

    private static string Shown(string token) => string.Concat(token.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : $"{c}"));
}
