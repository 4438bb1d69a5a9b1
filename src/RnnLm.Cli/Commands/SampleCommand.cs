using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Generation;
using RnnLm.Lanes;

namespace RnnLm.Cli.Commands;

/// <summary>Continues prompts.</summary>
internal sealed class SampleCommand : CliCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Option<string[]> _prompts =
        new("--prompt", "-p") { Description = "text to continue; may be given several times [each line of the standard input; on a "
        + "terminal, it is asked for; an empty input: a new text]" };
    private readonly Option<bool> _interactive =
        new("--interactive", "-i") { Description = "ask for prompts and settings, and write as the text comes; so it is on a terminal "
        + "where no prompt is given" };
    private readonly Option<string?> _condition =
        new("--condition", "-c") { Description = "condition of a model that has them", HelpName = "NAME" };
    private readonly Option<bool> _noPrompt = new("--no-prompt") { Description = "print what was written without the prompt before it" };
    private readonly Option<bool> _json = CommonOptions.Json("print a line of JSON for each text");
    private readonly Option<bool> _jsonLines = new("--jsonl")
    {
        Description = "read lines of JSON with \"prompt\", and if wanted \"key\", \"condition\", \"temperature\", \"max_length\" and "
            + "\"pattern\"; print them with \"continuation\" added",
    };

    private readonly Option<int?> _batchSize =
        OptionGroup.Make<int?>("--batch-size", $"texts written side by side [{LanePool.UsualLanes}]");
    private readonly OptionGroup<SamplingOptions> _sampling = SamplingOptionGroup.Create();
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public SampleCommand()
        : base("sample", "continues prompts. Settings that are not given here are those saved with the model.")
    {
        Examples =
        [
            "rnnlm sample shakespeare.zip --prompt \"ROMEO:\" --length 300 --temperature 0.8 --seed 1",
            "rnnlm sample shakespeare.zip --interactive",
            "rnnlm sample names.zip -n 20 --stop \"\\n\"",
            "rnnlm sample orders.zip -n 5 --pattern \"[A-Z]{2}-\\d{4}\"",
            "rnnlm sample names.zip --jsonl --seed 1 < prompts.jsonl > continued.jsonl",
        ];
        Add(_model);
        foreach (Option option in (Option[])[_prompts, _interactive, _condition, _noPrompt, _json, _jsonLines, _batchSize])
            Add(option);
        AddGroup(_sampling);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        int batchSize = parse.GetValue(_batchSize) ?? LanePool.UsualLanes;
        if (batchSize is < 1 or > 4096)
            throw new UsageException($"--batch-size must be from 1 to 4096, but is {batchSize}.");
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        using RnnLanguageModel model = ModelFile.Load(parse.GetValue(_model)!, device, context);
        SamplingOptions options = model.Sampling;
        options.IncludePrompt = false;
        _sampling.Apply(parse, options);
        SamplingOptionGroup.Check(options);
        _sampling.RefuseIdle(parse, options.Beams == 1, "is for beam search: say --beams too", nameof(options.LengthPenalty));
        _sampling.RefuseIdle(parse, options.Beams > 1, "is for drawing at random, which beam search does not do: say --beams 1",
            nameof(options.Temperature), nameof(options.TopK), nameof(options.TopP), nameof(options.MinP), nameof(options.TypicalP));
        _sampling.RefuseIdle(parse, options.Pattern is null, "needs --pattern", nameof(options.PatternIncludesPrompt));
        if (IsInteractive(parse, context))
            return new SampleDialog(model, options, parse.GetValue(_condition), withPrompt: !parse.GetValue(_noPrompt), context).Run();
        var generator = new TextGenerator(model.Loaded.LanguageModel, model.Loaded.Framing, options, batchSize);
        string? condition = parse.GetValue(_condition);
        if (parse.GetValue(_jsonLines))
            new JsonLinesFilter(model, generator, options.MaxLengthLimit, condition).Run(context);
        else
            Write(context, parse, model, generator, ConditionNames.Find(model.Conditions, condition));
        return ExitCode.Success;
    }

    private bool IsInteractive(ParseResult parse, CommandContext context)
    {
        Option[] others = [.. ((Option[])[_prompts, _json, _jsonLines,
            _batchSize]).Concat(_sampling.Options.Where(option => option.Name is "--num-samples" or "--beams"))];
        Option? given = others.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false });
        if (!parse.GetValue(_interactive))
            return context.IsInputTerminal && context.IsOutputTerminal && given is null;
        return given is null
            ? true
            : throw new UsageException($"--interactive asks for the prompts and writes one text at a time: leave {given.Name} out.");
    }

    private void Write(CommandContext context, ParseResult parse, RnnLanguageModel model, TextGenerator generator, int condition)
    {
        bool json = parse.GetValue(_json), withPrompt = !parse.GetValue(_noPrompt);
        var prompts = new Queue<string>();
        int count = 0, known = 0;
        IEnumerable<GenerationRequest> requests = Prompts(parse, context).Select((prompt, row) =>
        {
            prompts.Enqueue(prompt);
            return new GenerationRequest(prompt.AsMemory(), (ulong)row, Condition: condition, IsKnownByKey: false);
        });
        foreach (GenerationResult result in generator.Generate(requests, context.Stop))
        {
            string prompt = prompts.Dequeue();
            foreach (GeneratedText text in result.Samples)
            {
                bool? inTrainingText = model.TrainingText?.Contains(text.Text, prompt);
                (count, known) = (count + 1, known + (inTrainingText == true ? 1 : 0));
                if (json)
                    GeneratedJson.Write(context.Output, prompt, text, inTrainingText);
                else
                    context.Output.WriteLine((withPrompt ? prompt : "") + text.Text);
            }

            if (result.UnknownCharacters > 0)
                context.Warn($"unknown to the model: {Counted.Of(result.UnknownCharacters, "character")} of the prompt "
                    + $"{CommandContext.Quote(prompt)}.");
        }

        if (model.TrainingText is not null && !json)
            context.Conclude($"In the training text as they are: {known:N0} of {Counted.Of(count, "text")}.");
    }

    /// <summary>Returns the prompts that are given; else the lines of the standard input, or one empty prompt where it has none.</summary>
    private IEnumerable<string> Prompts(ParseResult parse, CommandContext context)
    {
        string[] given = parse.GetValue(_prompts) ?? [];
        if (given.Length > 0)
            return given;
        return context.IsInputTerminal ? [""] : InputLines.Read(context.Input).Select(line => line.Text).DefaultIfEmpty("");
    }
}
