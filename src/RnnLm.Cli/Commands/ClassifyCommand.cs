using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Tells the labels of texts.</summary>
internal sealed class ClassifyCommand : CliCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "text files, or folders with *.txt, each line a text; - for the standard input [-]",
        Arity = ArgumentArity.ZeroOrMore
    };
    private readonly Option<string[]> _texts =
        new("--text", "-t") { Description = "text to classify, in place of files; may be given several times" };
    private readonly Option<int> _top =
        OptionGroup.Make<int>("--top", "most likely labels to print for each text, with their probabilities [1]");
    private readonly Option<double?> _threshold = OptionGroup.Make<double?>("--threshold",
        "of a model of two labels, the probability of the positive one above which it is the answer [0.5]");
    private readonly Option<string?> _positive = CommonOptions.Positive();
    private readonly OptionGroup<SourceOptions> _source = CommonOptions.Encoding();
    private readonly Option<bool> _json = CommonOptions.Json("print a line of JSON for each text, with the probabilities of all labels");
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public ClassifyCommand()
        : base("classify", "tells the label of each text by a classifier: prints the label, a tab, its probability, a tab, and the text.")
    {
        Examples =
        [
            "rnnlm classify countries.zip --text Dostoevsky --text Schneider --top 3",
            "rnnlm classify countries.zip names.txt > labelled.tsv",
            "rnnlm classify countries.zip --json < names.txt",
            "rnnlm classify spam.zip messages.txt --threshold 0.93 --positive spam",
        ];
        _top.DefaultValueFactory = _ => 1;
        Add(_model);
        Add(_files);
        foreach (Option option in (Option[])[_texts, _top, _threshold, _positive, _json])
            Add(option);
        AddGroup(_source);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        int top = parse.GetValue(_top);
        if (top < 1)
            throw new UsageException($"--top must be at least 1, but is {top}.");
        double? threshold = Threshold(parse, top);
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        IEnumerable<string> texts = Texts(parse, context);
        using RnnTextClassifier model = ModelFile.LoadClassifier(parse.GetValue(_model)!, device, context);
        int positive = threshold is null ? -1
            : PositiveLabel.Find(parse.GetValue(_model)!, model.Labels, parse.GetValue(_positive), "--threshold");
        var read = new Queue<string>();
        IEnumerable<string> asked = texts.Select(text => { read.Enqueue(text); return text; });
        foreach (TextClassification likeliest in model.ClassifyAll(asked, context.Stop))
        {
            // Probabilities are floats, and so is the threshold that rnnlm evaluate prints.
            TextClassification answer = threshold is not double limit ? likeliest : likeliest with
            {
                Label = model.Labels[likeliest.Probabilities[positive] > (float)limit ? positive : 1 - positive]
            };
            if (parse.GetValue(_json))
                WriteJson(context.Output, read.Dequeue(), answer, model.Labels);
            else
                WriteLine(context.Output, read.Dequeue(), answer, model.Labels, top);
        }

        return ExitCode.Success;
    }

    private double? Threshold(ParseResult parse, int top)
    {
        double? threshold = parse.GetValue(_threshold);
        if (threshold is null && parse.GetValue(_positive) is not null)
            throw new UsageException("--positive says which label --threshold is for. Give that too.");
        if (threshold is { } value and not (>= 0 and <= 1))
            throw new UsageException($"--threshold is a probability, from 0 to 1, but is {value}.");
        if (threshold is not null && top > 1)
            throw new UsageException("--threshold gives each text one label. Leave out --top; --json prints both probabilities.");
        return threshold;
    }

    private static void WriteLine(TextWriter output, string text, TextClassification answer, IReadOnlyList<string> labels, int top)
    {
        // One alone is the answer, which with a threshold may be the less likely of two.
        IEnumerable<int> likely = Enumerable.Range(0, labels.Count)
            .OrderByDescending(i => top == 1 && labels[i] == answer.Label).ThenByDescending(i => answer.Probabilities[i]).Take(top);
        output.WriteLine(string.Join('\t',
            likely.Select(i => FormattableString.Invariant($"{labels[i]}\t{answer.Probabilities[i]:F4}")).Append(text)));
    }

    private static void WriteJson(TextWriter output, string text, TextClassification answer, IReadOnlyList<string> labels) =>
        JsonLine.Write(output, json =>
    {
        json.WriteString("text", text);
        json.WriteString("label", answer.Label);
        json.WriteStartObject("probabilities");
        foreach ((string label, float probability) in labels.Zip(answer.Probabilities))
            json.WriteNumber(label, probability);
        json.WriteEndObject();
    });

    private IEnumerable<string> Texts(ParseResult parse, CommandContext context)
    {
        string[] texts = parse.GetValue(_texts) ?? [], files = parse.GetValue(_files) ?? [];
        if (texts.Length > 0)
            return files.Length == 0 ? texts : throw new UsageException("give texts by --text, or files, not both.");
        var source = new SourceOptions();
        _source.Apply(parse, source);
        // Lines of the standard input are answered as they come, unless they are in an encoding of their own.
        if (files is [] or [TextFile.StandardInput] && source.Encoding is null)
            return InputLines.Read(context.Input).Select(line => line.Text);
        return source.Find(files is [] ? [TextFile.StandardInput] : files, context.Warn, openInput: context.OpenInput)
            .SelectMany(file => file.ReadLines());
    }
}
