using System.CommandLine;
using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Says of texts whether they are plausible.</summary>
internal sealed class CheckCommand : CliCommand
{
    private const string Example = "Each line is to be an object such as {\"key\": 17, \"text\": \"Anna\"}.";

    private static readonly string[] Written = ["p_value", "anomaly", "score", "nats_per_character", "position", "suggestion"];

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _texts = new("TEXT")
    {
        Description = $"texts to check; {TextFile.StandardInput} for each line of the standard input [that]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _heldOut = new("--held-out")
    {
        Description = "file of good rows that the model was not trained on, to calibrate it by",
        HelpName = "FILE",
    };

    private readonly Option<string?> _bad = new("--bad")
    {
        Description = "file of bad rows, to choose the threshold by the best F1 score in place of the rate; with --held-out",
        HelpName = "FILE",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "save the model with its calibration; then --held-out is not needed again",
        HelpName = "MODEL",
    };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the file of --output where it is there" };
    private readonly Option<string?> _condition = new("--condition", "-c")
    {
        Description = "condition of the texts, for a model that has them",
        HelpName = "NAME",
    };

    private readonly Option<bool> _json = CommonOptions.Json("print a line of JSON for each text");
    private readonly Option<bool> _jsonLines = new("--jsonl")
    {
        Description = "read lines of JSON with \"text\", and if wanted \"condition\"; print them with the results added",
    };

    private readonly OptionGroup<AnomalyOptions> _anomalies = AnomalyOptionGroup.Create();
    private readonly OptionGroup<SourceOptions> _source = SourceOptionGroup.Create(training: false);
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public CheckCommand()
        : base("check", "says of texts whether they are plausible, and where they are least so: the p-value among held-out rows, whether "
            + "that is an anomaly, the least likely character's position, and what is likeliest there.")
    {
        Examples =
        [
            "rnnlm check names.zip --held-out test.txt -o checked.zip Miller xqzjk",
            "rnnlm check checked.zip < names.txt",
            "rnnlm check checked.zip --jsonl --false-positive-rate 0.001 < rows.jsonl > checked.jsonl",
        ];
        Add(_model);
        Add(_texts);
        foreach (Option option in (Option[])[_heldOut, _bad, _output, _force, _condition, _json, _jsonLines])
            Add(option);
        AddGroup(_anomalies);
        AddGroup(_source);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string path = parse.GetValue(_model)!;
        string[] texts = parse.GetValue(_texts)!;
        string? condition = parse.GetValue(_condition), output = parse.GetValue(_output), heldOut = parse.GetValue(_heldOut);
        bool json = parse.GetValue(_json), jsonLines = parse.GetValue(_jsonLines);
        if (jsonLines && (json || texts.Length > 0))
            throw new UsageException($"--jsonl reads the texts from the standard input: leave {(json ? "--json" : "TEXT")} out.");
        if (heldOut is null && (output ?? parse.GetValue(_bad)) is not null)
            throw new UsageException($"{(output is null ? "--bad" : "--output")} goes with --held-out FILE.");
        string[] read = [path, .. ((string?[])[heldOut, parse.GetValue(_bad)]).OfType<string>()];
        using OutputFile? file = output is null ? null : OutputFile.Reserve(output, read, parse.GetValue(_force), context);
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        using RnnLanguageModel model = ModelFile.Load(path, device, context);
        ConditionNames.Find(model.Conditions, condition);
        AnomalyDetector detector = Detector(parse, model, path, context);
        if (output is not null)
        {
            detector.Save(output);
            context.Say($"Saved {output}");
        }

        if (jsonLines)
            CheckLines(context, model, detector, condition);
        else if (texts.Length > 0 || output is null)
            Check(context, detector, texts, condition, json);
        return ExitCode.Success;
    }

    private AnomalyDetector Detector(ParseResult parse, RnnLanguageModel model, string path, CommandContext context)
    {
        var options = new AnomalyOptions();
        _anomalies.Apply(parse, options);
        if (parse.GetValue(_heldOut) is { } heldOut)
        {
            var source = new SourceOptions();
            _source.Apply(parse, source);
            IEnumerable<TextRow>? bad = parse.GetValue(_bad) is { } file ? Rows(file) : null;
            return model.Calibrate(Rows(heldOut), options, bad, context.Stop);

            IEnumerable<TextRow> Rows(string name)
            {
                // A running text's rows are the lines of its file.
                DataMode mode = model.Mode == DataMode.Stream ? DataMode.Rows : model.Mode;
                var data = new TextData(source.Find([name], context.Warn, openInput: context.OpenInput), source, mode);
                return ConditionNames.Check(data.Rows(), model.Conditions, source, path, name, context);
            }
        }

        AnomalyDetector detector = model.AnomalyDetector ?? throw new UsageException(
            $"'{path}' is not calibrated. Give good rows that it was not trained on by --held-out FILE; --output MODEL keeps the result.");
        if (options.TwoSided)
            throw new UsageException("--two-sided goes with --held-out FILE: it is a part of the calibration.");
        bool isGiven = _anomalies.Options.Any(option => option.Name == "--false-positive-rate"
            && parse.GetResult(option) is { Implicit: false });
        return isGiven ? detector.WithFalsePositiveRate(options.FalsePositiveRate) : detector;
    }

    private static void Check(CommandContext context, AnomalyDetector detector, string[] texts, string? condition, bool json)
    {
        bool isInput = texts is [] or [TextFile.StandardInput];
        var read = new Queue<string>();
        IEnumerable<string> each = isInput ? InputLines.Read(context.Input).Select(line => line.Text) : texts;
        foreach (TextCheck check in detector.CheckAll(each.Select(Row), context.Stop))
        {
            string text = read.Dequeue();
            if (json)
            {
                JsonLine.Write(context.Output, writer =>
                {
                    writer.WriteString("text", text);
                    Write(writer, check);
                });
                continue;
            }

            string place = check.LeastLikelyPosition < 0 ? "" : FormattableString.Invariant($"{check.LeastLikelyPosition}");
            string suggestion = check.Suggestion is { } likelier ? likelier.Length > 0 ? $"'{likelier}'" : "end" : "";
            context.Output.WriteLine(FormattableString.Invariant($"{check.PValue:F4}\t{(check.IsAnomaly ? "anomaly" : "plausible")}\t")
                + $"{place}\t{CommandContext.OneLine(suggestion)}\t{CommandContext.OneLine(text)}");
        }

        TextRow Row(string text)
        {
            read.Enqueue(text);
            return TextRow.Row(text, condition);
        }
    }

    private static void CheckLines(CommandContext context, RnnLanguageModel model, AnomalyDetector detector, string? condition)
    {
        foreach ((string text, long number) in InputLines.Read(context.Input).Where(line => !string.IsNullOrWhiteSpace(line.Text)))
        {
            var line = JsonInputLine.Parse(text, number, Example);
            string own = line.Text("text") ?? throw line.Fault("it has no \"text\"");
            TextCheck check = line.Explain(context, () =>
            {
                string? named = line.Text("condition") ?? condition;
                ConditionNames.Find(model.Conditions, named);
                return detector.Check(own, named);
            });
            JsonLine.Write(context.Output, writer =>
            {
                line.CopyTo(writer, Written);
                Write(writer, check);
            });
        }
    }

    private static void Write(Utf8JsonWriter json, TextCheck check)
    {
        json.WriteNumber("p_value", check.PValue);
        json.WriteBoolean("anomaly", check.IsAnomaly);
        json.WriteFinite("score", check.Score);
        json.WriteFinite("nats_per_character", check.NatsPerCharacter);
        json.WriteNumber("position", check.LeastLikelyPosition);
        json.WriteString("suggestion", check.Suggestion);
    }
}
