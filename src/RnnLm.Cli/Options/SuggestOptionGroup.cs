namespace RnnLm.Cli.Options;

/// <summary>What is suggested, as options of a command.</summary>
internal static class SuggestOptionGroup
{
    public static OptionGroup<SuggestOptions> Create() => new OptionGroup<SuggestOptions>("Suggestions")
        .Add(o => o.Count, "suggestions at most", aliases: "-n")
        .Add(o => o.To, "where a suggestion ends: at the end of a word, of the text, or where the text matches --pattern")
        .Add(o => o.Pattern, "regular expression that prefix and completion match together, in .NET's syntax; for --to pattern")
        .Add(o => o.Typos, "edits by which the prefix may differ")
        .Add(o => o.TypoPenalty, "what each edit costs, in nats")
        .Add(o => o.MinProbability, "probability below which nothing is suggested")
        .Add(o => o.MaxLength, "characters that a suggestion adds at most", aliases: "--length")
        .Add(o => o.MaxSteps, "steps of the search at most");
}
