using System.Text;
using RnnLm.Text;

namespace RnnLm.PyTorch;

/// <summary>The tokens of a model of another program as a vocabulary, and which of its rows stand for which of ours.</summary>
internal sealed class TorchTokens
{
    private static readonly string[] Unknown = ["<unk>", "[unk]"], Start = ["<s>", "<sos>", "<bos>", "<start>", "[bos]", "[sos]"],
        End = ["</s>", "<eos>", "<end>", "[eos]"], Padding = ["<pad>", "[pad]"];

    /// <param name="tokens">The tokens in the order of their ids: characters, and special tokens by their usual names.</param>
    /// <exception cref="FormatException">A token is neither, or there is one twice.</exception>
    public TorchTokens(IReadOnlyList<string> tokens)
    {
        Count = tokens.Count;
        int? unknown = Take(Unknown), start = Take(Start), end = Take(End), padding = Take(Padding);
        int[] ids = [.. Enumerable.Range(0, tokens.Count).Where(id => id != unknown && id != start && id != end && id != padding)];
        string[] odd = [.. ids.Where(id => !IsCharacter(tokens[id])).Select(id => $"'{tokens[id]}' ({id})")];
        if (odd.Length > 0)
        {
            throw new FormatException($"its vocabulary has tokens that are neither a character nor {Names(Unknown)}, {Names(Start)}, "
                + $"{Names(End)} or {Names(Padding)}: {string.Join(", ", odd.Take(10))}{(odd.Length > 10 ? ", …" : "")}");
        }

        if (start is null != end is null)
            throw new FormatException($"its vocabulary has a token for the {(end is null ? "start" : "end")} of a text, but none for the "
                + $"other");
        if (ids.Length == 0 || ids.DistinctBy(id => tokens[id], StringComparer.Ordinal).Count() < ids.Length)
            throw new FormatException("its vocabulary has no character, or has one twice");
        Vocabulary = CharVocabulary.InOrder(ids.Select(id => Rune.GetRuneAt(tokens[id], 0)),
            unknown is null ? UnknownCharacterPolicy.Throw : UnknownCharacterPolicy.Token, startAndEnd: start is not null);
        Rows = [.. new[] { unknown, start, end }.OfType<int>(), .. ids];

        int? Take(string[] names)
        {
            int[] found = [.. Enumerable.Range(0, tokens.Count).Where(id => names.Contains(tokens[id], StringComparer.OrdinalIgnoreCase))];
            return found.Length > 1 ? throw new FormatException($"its vocabulary has several tokens of {Names(names)}")
                : found.Length == 1 ? found[0] : null;
        }

        static string Names(string[] names) => string.Join(" or ", names.Take(2));
    }

    /// <summary>Gets the number of tokens that the model has, with those that are left out.</summary>
    public int Count { get; }

    /// <summary>Gets the vocabulary. Padding is left out: it is never written.</summary>
    public CharVocabulary Vocabulary { get; }

    /// <summary>Gets the id that the model has for each id of the vocabulary. // [V]</summary>
    public int[] Rows { get; }

    private static bool IsCharacter(string token) =>
        token.Length > 0 && Rune.TryGetRuneAt(token, 0, out Rune rune) && rune.Utf16SequenceLength == token.Length;
}
