using System.Text.Json;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Tasks;

/// <summary>Suggests how texts go on.</summary>
/// <param name="model">The model, which it disposes of.</param>
/// <param name="options">What is suggested.</param>
/// <param name="withPrefix">Whether a line for people begins with what was typed.</param>
internal sealed class SuggestTask(RnnLanguageModel model, SuggestOptions options, bool withPrefix) : RowTask<SuggestionList>
{
    public override IReadOnlyList<string> Columns { get; } = ["suggestions", "complete"];

    public override IReadOnlyList<string> Conditions => model.Conditions;

    public override int MostRows => 64;

    /// <summary>Writes a suggestion in a line: its probability, a tab, its text.</summary>
    public static string Describe(Suggestion suggestion) =>
        $"{SignificantDigits.Of(suggestion.Probability)}\t{CommandContext.OneLine(suggestion.Text)}";

    /// <summary>Says what there is to know of suggestions.</summary>
    public static IEnumerable<string> RemarksOn(string text, SuggestionList found)
    {
        if (found.UnknownCharacters > 0)
            yield return $"unknown to the model: {Counted.Of(found.UnknownCharacters, "character")} of {CommandContext.Quote(text)}.";
        if (!found.IsComplete)
        {
            yield return $"the search for {CommandContext.Quote(text)} took "
                + $"{Counted.Of(found.Steps, "step")} and did not come to its end: likelier texts may be missing. "
                + "Raise --max-steps.";
        }
    }

    public override void Dispose() => model.Dispose();

    protected override IEnumerable<(InputRow Row, SuggestionList Result)> Answer(IReadOnlyList<InputRow> rows, CancellationToken stop)
    {
        // A session keeps what it has read, which changes no result.
        var sessions = new Dictionary<string, SuggestSession>(StringComparer.Ordinal);
        try
        {
            foreach (InputRow row in rows)
            {
                if (!sessions.TryGetValue(row.Condition ?? "", out SuggestSession? session))
                    sessions.Add(row.Condition ?? "", session = model.StartSuggesting(options, row.Condition));
                session.Text = row.Text;
                yield return (row, session.Suggest(stop));
            }
        }
        finally
        {
            foreach (SuggestSession session in sessions.Values)
                session.Dispose();
        }
    }

    protected override void Write(Utf8JsonWriter json, InputRow row, SuggestionList result)
    {
        json.WriteStartArray("suggestions");
        foreach (Suggestion suggestion in result)
        {
            json.WriteStartObject();
            json.WriteString("text", suggestion.Text);
            if (suggestion.Completion is { } completion)
                json.WriteString("completion", completion);
            json.WriteNumber("probability", suggestion.Probability);
            json.WriteNumber("typos", suggestion.Typos);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("complete", result.IsComplete);
    }

    protected override IEnumerable<string> Lines(InputRow row, SuggestionList result) =>
        result.Select(suggestion => (withPrefix ? CommandContext.OneLine(row.Text) + "\t" : "") + Describe(suggestion));

    protected override IEnumerable<string> Remarks(InputRow row, SuggestionList result) => [.. RemarksOn(row.Text, result),
        .. options.To == SuggestTo.Pattern && result is { Count: 0, IsComplete: true }
            ? (string[])[$"nothing that begins with {CommandContext.Quote(row.Text)} and matches --pattern was found"
                + $"{(options.MinProbability > 0 ? ", as likely as --min-probability asks" : "")}, within --max-length."] : []];
}
