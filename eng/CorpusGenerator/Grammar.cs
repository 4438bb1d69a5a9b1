using System.Text;
using System.Text.RegularExpressions;

namespace CorpusGenerator;

/// <summary>Rules that write sentences. <c>Messages.grammar</c> says at its head how they are noted down.</summary>
internal sealed partial class Grammar
{
    private readonly Dictionary<string, Choice> _rules = new(StringComparer.Ordinal);

    private Grammar()
    {
    }

    /// <summary>Gets the names of the rules that have been used so far.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Rules => _rules.Keys;

    /// <summary>Reads the grammar of the messages.</summary>
    public static Grammar Load()
    {
        using Stream stream = typeof(Grammar).Assembly.GetManifestResourceStream("Messages.grammar")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads a grammar.</summary>
    /// <exception cref="FormatException">A line is neither a rule's name, nor an alternative, nor a comment; or a bracket is left
    /// open.</exception>
    public static Grammar Parse(string text)
    {
        var grammar = new Grammar();
        List<(int Weight, Node Node)>? alternatives = null;
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ' && line[^1] == ':')
                grammar._rules.Add(line[..^1], new Choice(alternatives = []));
            else if (line[0] == ' ' && alternatives is not null)
                alternatives.Add(ParseAlternative(line.Trim()));
            else
                throw new FormatException($"'{line}' is neither a rule's name with a colon nor an alternative.");
        }

        return grammar;
    }

    /// <summary>Writes what a rule stands for, with the facts filled in, as finished sentences.</summary>
    public string Write(string rule, IReadOnlyDictionary<string, string> facts, SplitMix64 random)
    {
        var output = new StringBuilder();
        new Reference(new Literal(rule)).Expand(new Writing(this, facts, random), output);
        string text = LeftOut().Replace(output.ToString(), "").Trim();
        return SentenceStart().Replace(text, match => match.Value.ToUpperInvariant());
    }

    private Choice Find(string rule)
    {
        Used.Add(rule);
        return _rules.TryGetValue(rule, out Choice? choice) ? choice : throw new FormatException($"<{rule}> is neither a fact nor a rule.");
    }

    private static (int Weight, Node Node) ParseAlternative(string line)
    {
        Match weight = Weight().Match(line);
        string text = line[weight.Length..];
        int position = 0;
        Node node = ParseSequence(text, ref position);
        if (position < text.Length)
            throw new FormatException($"'{line}' has a '{text[position]}' too many.");
        return (weight.Success ? int.Parse(weight.Groups["weight"].Value) : 1, node);
    }

    /// <summary>Reads up to the end, or to what ends the bracket or the alternative that the sequence stands in.</summary>
    private static Sequence ParseSequence(string text, ref int position)
    {
        var parts = new List<Node>();
        while (position < text.Length && text[position] is not ('|' or ')' or ']' or '>'))
        {
            int start = position++;
            switch (text[start])
            {
                case '<':
                    Sequence name = ParseSequence(text, ref position);
                    Close(text, ref position, '>');
                    parts.Add(new Reference(name));
                    break;
                case '(':
                    parts.Add(ParseChoice(text, ref position));
                    break;
                case '[':
                    Sequence optional = ParseSequence(text, ref position);
                    Close(text, ref position, ']');
                    parts.Add(new Choice([(1, optional), (1, new Sequence([]))]));
                    break;
                default:
                    while (position < text.Length && !"<([|)]>".Contains(text[position], StringComparison.Ordinal))
                        position++;
                    parts.Add(new Literal(text[start..position]));
                    break;
            }
        }

        return new Sequence(parts);
    }

    private static Choice ParseChoice(string text, ref int position)
    {
        var alternatives = new List<(int Weight, Node Node)> { (1, ParseSequence(text, ref position)) };
        while (position < text.Length && text[position] == '|')
        {
            position++;
            alternatives.Add((1, ParseSequence(text, ref position)));
        }

        Close(text, ref position, ')');
        return new Choice(alternatives);
    }

    private static void Close(string text, ref int position, char bracket)
    {
        if (position >= text.Length || text[position] != bracket)
            throw new FormatException($"'{text}' lacks a '{bracket}'.");
        position++;
    }

    [GeneratedRegex(@"^(?<weight>\d+)\* ", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Weight();

    // What an optional part leaves behind where it was left out: two spaces, or one before a comma or a full stop.
    [GeneratedRegex(@" +(?=[ ,.?!])", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"(?:^|[.?!] )[a-z]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SentenceStart();

    private sealed record Writing(Grammar Grammar, IReadOnlyDictionary<string, string> Facts, SplitMix64 Random);

    private abstract record Node
    {
        public abstract void Expand(Writing writing, StringBuilder output);
    }

    private sealed record Literal(string Text) : Node
    {
        public override void Expand(Writing writing, StringBuilder output) => output.Append(Text);
    }

    private sealed record Sequence(IReadOnlyList<Node> Parts) : Node
    {
        public override void Expand(Writing writing, StringBuilder output)
        {
            foreach (Node part in Parts)
                part.Expand(writing, output);
        }
    }

    /// <summary>A fact or a rule. Its name may itself hold references, such as <c>damage-&lt;kind&gt;</c>.</summary>
    private sealed record Reference(Node Name) : Node
    {
        public override void Expand(Writing writing, StringBuilder output)
        {
            var name = new StringBuilder();
            Name.Expand(writing, name);
            string key = name.ToString();
            if (writing.Facts.TryGetValue(key, out string? fact))
                output.Append(fact);
            else
                writing.Grammar.Find(key).Expand(writing, output);
        }
    }

    private sealed record Choice(IReadOnlyList<(int Weight, Node Node)> Alternatives) : Node
    {
        public override void Expand(Writing writing, StringBuilder output)
        {
            int draw = writing.Random.Next(Alternatives.Sum(alternative => alternative.Weight));
            foreach ((int weight, Node node) in Alternatives)
            {
                if ((draw -= weight) < 0)
                {
                    node.Expand(writing, output);
                    return;
                }
            }
        }
    }
}
