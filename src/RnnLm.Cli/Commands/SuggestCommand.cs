using System.CommandLine;
using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Suggests how texts go on.</summary>
internal sealed class SuggestCommand : CliCommand
{
    private const string Example = "Each line is to be an object such as {\"key\": 17, \"prefix\": \"Anna \"}.";

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string?> _prefix = new("PREFIX")
    {
        Description = $"beginning of a text; {TextFile.StandardInput} for each line of the standard input [that; on a terminal, asked for]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _condition = new("--condition", "-c")
    {
        Description = "condition of a model that has them",
        HelpName = "NAME",
    };

    private readonly Option<bool> _json = CommonOptions.Json("print a line of JSON for each prefix");
    private readonly Option<bool> _jsonLines = new("--jsonl")
    {
        Description = "read lines of JSON with \"prefix\", and if wanted \"condition\"; print them with \"suggestions\" added",
    };

    private readonly OptionGroup<SuggestOptions> _suggest = SuggestOptionGroup.Create();
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public SuggestCommand()
        : base("suggest", "suggests how a text goes on: the likeliest completions with their probabilities; with --typos, corrected.")
    {
        Examples =
        [
            "rnnlm suggest messages.zip \"My ord\"",
            "rnnlm suggest names.zip Jonh --to end --typos 1",
            "rnnlm suggest articles.zip AX- --to pattern --pattern \"[A-Z]{2}-[0-9]{4}-[A-D]\" --json",
            "rnnlm suggest names.zip --jsonl < prefixes.jsonl > suggested.jsonl",
        ];
        Add(_model);
        Add(_prefix);
        foreach (Option option in (Option[])[_condition, _json, _jsonLines])
            Add(option);
        AddGroup(_suggest);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string? prefix = parse.GetValue(_prefix), condition = parse.GetValue(_condition);
        bool json = parse.GetValue(_json), jsonLines = parse.GetValue(_jsonLines);
        if (jsonLines && (json || prefix is not null))
        {
            string idle = json ? _json.Name : _prefix.Name;
            throw new UsageException($"--jsonl reads the prefixes from the standard input: leave {idle} out.");
        }

        var device = new DeviceOptions();
        _device.Apply(parse, device);
        var options = new SuggestOptions();
        _suggest.Apply(parse, options);
        _suggest.RefuseIdle(parse, options.Typos == 0, "needs --typos above 0", nameof(options.TypoPenalty));
        using RnnLanguageModel model = ModelFile.Load(parse.GetValue(_model)!, device, context);
        ConditionNames.Find(model.Conditions, condition);
        if (condition is null && model.Conditions.Count > 0 && !jsonLines)
        {
            context.Warn($"'{parse.GetValue(_model)}' has conditions, and none is given: texts are suggested without one. "
                + "Name one by --condition.");
        }

        if (jsonLines)
        {
            WriteLines(context, model, options, condition);
            return ExitCode.Success;
        }

        using SuggestSession session = model.StartSuggesting(options, condition);
        if (prefix is null && context.IsInputTerminal && context.IsOutputTerminal)
            return new SuggestDialog(session, context).Run();
        bool several = prefix is null or TextFile.StandardInput;
        foreach (string text in several ? InputLines.Read(context.Input).Select(line => line.Text) : [prefix!])
        {
            SuggestionList found = Suggest(session, text, context);
            if (json)
            {
                JsonLine.Write(context.Output, writer =>
                {
                    writer.WriteString("prefix", text);
                    Write(writer, found);
                });
                continue;
            }

            foreach (Suggestion suggestion in found)
                context.Output.WriteLine($"{(several ? text + "\t" : "")}{Describe(suggestion)}");
        }

        return ExitCode.Success;
    }

    /// <summary>Writes a suggestion in a line: its probability, a tab, its text.</summary>
    internal static string Describe(Suggestion suggestion) =>
        FormattableString.Invariant($"{suggestion.Probability:F4}\t{CommandContext.OneLine(suggestion.Text)}");

    /// <summary>Looks for suggestions, and says what there is to know of them.</summary>
    internal static SuggestionList Suggest(SuggestSession session, string text, CommandContext context, CancellationToken? stop = null)
    {
        session.Text = text;
        SuggestionList found = session.Suggest(stop ?? context.Stop);
        if (found.UnknownCharacters > 0)
            context.Warn($"unknown to the model: {Diagnostics.Counted.Of(found.UnknownCharacters, "character")} of "
                + $"{CommandContext.Quote(text)}.");
        if (!found.IsComplete)
        {
            context.Warn($"the search for {CommandContext.Quote(text)} took {found.Steps:N0} steps and was not at its end: likelier texts "
                + $"may be left out. "
                + "Raise --max-steps.");
        }

        return found;
    }

    private static void WriteLines(CommandContext context, RnnLanguageModel model, SuggestOptions options, string? condition)
    {
        var sessions = new Dictionary<string, SuggestSession>(StringComparer.Ordinal);
        try
        {
            foreach ((string text, long number) in InputLines.Read(context.Input).Where(line => !string.IsNullOrWhiteSpace(line.Text)))
            {
                var line = JsonInputLine.Parse(text, number, Example);
                string prefix = line.Text("prefix") ?? throw line.Fault("it has no \"prefix\"");
                SuggestionList found = line.Explain(context, () =>
                {
                    string? own = line.Text("condition") ?? condition;
                    ConditionNames.Find(model.Conditions, own);
                    if (!sessions.TryGetValue(own ?? "", out SuggestSession? session))
                        sessions.Add(own ?? "", session = model.StartSuggesting(options, own));
                    session.Text = prefix;
                    return session.Suggest(context.Stop);
                });
                JsonLine.Write(context.Output, writer =>
                {
                    line.CopyTo(writer, "suggestions", "complete");
                    Write(writer, found);
                });
            }
        }
        finally
        {
            foreach (SuggestSession session in sessions.Values)
                session.Dispose();
        }
    }

    private static void Write(Utf8JsonWriter json, SuggestionList found)
    {
        json.WriteStartArray("suggestions");
        foreach (Suggestion suggestion in found)
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
        json.WriteBoolean("complete", found.IsComplete);
    }
}
