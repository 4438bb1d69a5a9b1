using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Tasks;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Continues prompts.</summary>
internal sealed class SampleCommand : RowCommand
{
    private readonly Option<bool> _interactive =
        new("--interactive", "-i") { Description = "ask for prompts and settings, and write as the text comes; so it is on a terminal "
        + "where no prompt is given" };

    private readonly Option<bool> _noPrompt = new("--no-prompt") { Description = "print what was written without the prompt before it" };
    private readonly OptionGroup<SamplingOptions> _sampling = SamplingOptionGroup.Create();

    public SampleCommand()
        : base("sample", "continues the text of each row; without one, begins a new text. Settings that are not given here are those saved "
            + "with the model; a row may have its own, as columns temperature, max_length and pattern.", "prompt",
            nameof(RowOptions.TargetColumn))
    {
        Examples =
        [
            "rnnlm sample shakespeare.zip --prompt \"ROMEO:\" --length 300 --temperature 0.8 --seed 1",
            "rnnlm sample shakespeare.zip --interactive",
            "rnnlm sample names.zip -n 20 --stop \"\\n\"",
            "rnnlm sample orders.zip -n 5 --pattern \"[A-Z]{2}-\\d{4}\"",
            "rnnlm sample names.zip prompts.jsonl --seed 1 -o continued.jsonl",
        ];
        Add(_interactive);
        Add(_noPrompt);
        AddGroup(_sampling);
        AddRowGroups();
    }

    protected override string UsualText => "";

    protected override int? Talk(RowCall call)
    {
        CommandContext context = call.Context;
        Option? given = RowOptionGiven(call.Parse) ?? _sampling.Options.FirstOrDefault(option => option.Name is "--num-samples" or "--beams"
            && call.Parse.GetResult(option) is { Implicit: false });
        bool isAsked = call.Parse.GetValue(_interactive);
        if (isAsked && (given is not null || call.HasRows))
            throw new UsageException("--interactive asks for the prompts and writes one text at a time: leave "
                + $"{given?.Name ?? "INPUT"} out.");
        if (!isAsked && (given is not null || call.HasRows || !context.IsInputTerminal || !context.IsOutputTerminal))
            return null;
        using RnnLanguageModel model = call.LoadLanguageModel();
        return new SampleDialog(model, Read(call.Parse, model), call.Condition, withPrompt: !call.Parse.GetValue(_noPrompt), context).Run();
    }

    protected override RowTask Open(RowCall call)
    {
        RnnLanguageModel model = call.LoadLanguageModel();
        try
        {
            return new SampleTask(model, Read(call.Parse, model), call.Lanes, withPrompt: !call.Parse.GetValue(_noPrompt));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private SamplingOptions Read(ParseResult parse, RnnLanguageModel model)
    {
        SamplingOptions options = model.Sampling;
        options.IncludePrompt = false;
        _sampling.Apply(parse, options);
        SamplingOptionGroup.Check(options);
        _sampling.RefuseIdle(parse, options.Beams == 1, "is for beam search: say --beams too", nameof(options.LengthPenalty));
        _sampling.RefuseIdle(parse, options.Beams > 1, "is for drawing at random, which beam search does not do: say --beams 1",
            nameof(options.Temperature), nameof(options.TopK), nameof(options.TopP), nameof(options.MinP), nameof(options.TypicalP));
        _sampling.RefuseIdle(parse, options.Pattern is null, "is for --pattern: give that too", nameof(options.PatternIncludesPrompt));
        return options;
    }
}
