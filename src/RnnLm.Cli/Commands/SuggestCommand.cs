using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Tasks;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Suggests how texts go on.</summary>
internal sealed class SuggestCommand : RowCommand
{
    private readonly OptionGroup<SuggestOptions> _suggest = SuggestOptionGroup.Create();

    public SuggestCommand()
        : base("suggest", "suggests how the text of each row goes on: the likeliest completions with their probabilities; with --typos, "
            + "corrected. On a terminal, texts are asked for.", "prefix", nameof(RowOptions.KeyColumn), nameof(RowOptions.TargetColumn),
            nameof(RowOptions.BatchSize))
    {
        Examples =
        [
            "rnnlm suggest messages.zip --prefix \"My ord\"",
            "rnnlm suggest names.zip -p Jonh --to end --typos 1",
            "rnnlm suggest articles.zip -p AX- --to pattern --pattern \"[A-Z]{2}-[0-9]{4}-[A-D]\" --json",
            "rnnlm suggest names.zip prefixes.jsonl -o suggested.jsonl",
        ];
        AddGroup(_suggest);
        AddRowGroups();
    }

    protected override int? Talk(RowCall call)
    {
        CommandContext context = call.Context;
        if (!context.IsInputTerminal || !context.IsOutputTerminal || call.HasRows || RowOptionGiven(call.Parse) is not null)
            return null;
        using RnnLanguageModel model = call.LoadLanguageModel();
        using SuggestSession session = model.StartSuggesting(Read(call.Parse), call.Condition);
        return new SuggestDialog(session, context).Run();
    }

    protected override RowTask Open(RowCall call)
    {
        SuggestOptions options = Read(call.Parse);
        RnnLanguageModel model = call.LoadLanguageModel();
        try
        {
            // What is wrong with the options is said before any row is read.
            model.StartSuggesting(options, call.Condition).Dispose();
            return new SuggestTask(model, options, withPrefix: !call.HasOneText);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private SuggestOptions Read(ParseResult parse)
    {
        var options = new SuggestOptions();
        _suggest.Apply(parse, options);
        _suggest.RefuseIdle(parse, options.Typos == 0, "is for --typos above 0: say that too", nameof(options.TypoPenalty));
        return options;
    }
}
