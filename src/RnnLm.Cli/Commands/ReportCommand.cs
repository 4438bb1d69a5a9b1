using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Privacy;
using RnnLm.Cli.Report;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;
using RnnLm.Text;

namespace RnnLm.Cli.Commands;

/// <summary>Writes a page that shows how a model was trained, what it writes and what it makes of a text.</summary>
internal sealed class ReportCommand : CliCommand
{
    private const int MaximumCharacters = 5000;

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Option<string?> _output =
        new("--output", "-o") { Description = "page to write [the model's name with .html]", HelpName = "FILE" };
    private readonly Option<string[]> _text = new("--text", "-t")
    {
        Description = "text files, or folders with *.txt, whose characters are counted and whose beginning is read [what the model writes "
            + "itself]",
        HelpName = "FILE",
        DefaultValueFactory = _ => []
    };
    private readonly Option<string[]> _prompts = new("--prompt", "-p")
    {
        Description = "text to continue; may be given several times [none: a new text]",
        DefaultValueFactory = _ => []
    };
    private readonly Option<string?> _condition =
        new("--condition", "-c") { Description = "condition of a model that has them", HelpName = "NAME" };
    private readonly Option<string> _temperatures = new("--temperatures")
    {
        Description = "temperatures of the samples [0.3,0.6,1,1.3]",
        HelpName = "A,B",
        DefaultValueFactory = _ => "0.3,0.6,1,1.3"
    };
    private readonly Option<int?> _length = OptionGroup.Make<int?>("--length", "characters of a sample at most [300]");
    private readonly Option<int?> _characters =
        OptionGroup.Make<int?>("--characters", "characters of the text that are read and shown [400]");
    private readonly Option<long?> _seed = OptionGroup.Make<long?>("--seed", "seed of the samples [1]");
    private readonly Option<string?> _privacy =
        new("--privacy") { Description = "file of what rnnlm privacy --json printed, to be shown too", HelpName = "FILE" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the output if it exists" };
    private readonly OptionGroup<SourceOptions> _source = SourceOptionGroup.Create(training: false);
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public ReportCommand()
        : base("report", "writes a page that shows how a model was trained, what it writes, and what it makes of a text. The page is one "
            + "file that needs no network.")
    {
        Examples =
        [
            "rnnlm report shakespeare.zip --text shakespeare.txt",
            "rnnlm report names.zip --prompt A --prompt Be --temperatures 0.5,1 -o names.html",
        ];
        Add(_model);
        foreach (Option option in (Option[])[_output, _text, _prompts, _condition, _temperatures, _length, _characters, _seed, _privacy,
            _force])
            Add(option);
        // A saved pattern may need more characters than there are to be.
        AddName(new("Sampling", nameof(SamplingOptions.MaxLength)), _length);
        AddGroup(_source);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string path = parse.GetValue(_model)!;
        int length = Number(parse.GetValue(_length), "--length", 300, 100_000),
            characters = Number(parse.GetValue(_characters), "--characters", 400, MaximumCharacters);
        double[] temperatures = Temperatures(parse.GetValue(_temperatures)!);
        var source = new SourceOptions();
        _source.Apply(parse, source);
        InputFile.RefuseTwice(parse.GetValue(_text)!.Select(path => ((OptionMessage)_text.Name, path)));
        IReadOnlyList<TextFile> files = source.Find(parse.GetValue(_text)!, context.Warn, openInput: context.OpenInput, stop: context.Stop);
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        SavedModel saved = ModelFile.Read(path, context);
        string page = parse.GetValue(_output) ?? Path.GetFileNameWithoutExtension(path) + ".html";
        string? privacy = parse.GetValue(_privacy);
        string[] inputs =
            [path, .. files.Where(file => file.Content is null).Select(file => file.Path), .. new[] { privacy }.OfType<string>()];
        using OutputFile output = OutputFile.Reserve(page, inputs, parse.GetValue(_force), context);

        ReportData report = ReportBuilder.Describe(saved, new FileInfo(path)) with
        {
            Privacy = privacy is null ? null : ReadPrivacy(privacy),
        };
        CharacterCounter? text = files.Count == 0
            ? null
            : Count(Rows(files, source, saved, path, context), Names(files), saved, characters, context.Stop);
        if (text is not null)
        {
            VocabularyCounts counts = text.For(Names(files));
            report = report with { Vocabulary = counts };
            if (counts.Unknown > CharVocabulary.HighUnknownShare * counts.Total)
                context.Warn($"{counts.Unknown / (double)counts.Total:P0} of the characters of {Names(files)} ({counts.Unknown:N0}) are "
                    + $"unknown to '{path}', which can say little of the text.");
        }

        if (ModelKind.Of(saved) == ModelKind.LanguageModel)
        {
            using RnnLanguageModel model = ModelFile.OpenLanguageModel(path, saved, device, context);
            string[] prompts = parse.GetValue(_prompts) is { Length: > 0 } given ? given : [""];
            string? condition = parse.GetValue(_condition);
            ConditionNames.Find(model.Conditions, condition);
            IReadOnlyList<ReportSample> samples =
                ReportBuilder.Sample(model, prompts, condition, temperatures, length, parse.GetValue(_seed) ?? 1, context.Stop);
            ReadingData? reading = text is not null
                ? TextReading.Read(model, text.Beginning,
                $"{Names(files)}{(text.Total > characters ? $", the first {characters:N0} of {text.Total:N0} characters" : "")}",
                text.IsCut)
                : ReadOwn(model, samples[0], condition, characters);
            report = report with { Samples = samples, Reading = reading };
        }
        else if (parse.GetValue(_prompts) is { Length: > 0 })
        {
            context.Warn($"'{path}' holds a text classifier, which does not continue prompts.");
        }

        output.Write(ReportPage.Create(report));
        context.Output.WriteLine($"Saved {output.Path}");
        return ExitCode.Success;
    }

    private static JsonElement ReadPrivacy(string path) => InputFile.Exists(path) ? PrivacyJson.Read(path)
        : throw new UsageException($"--privacy: '{path}' {InputFile.Missing(path)}. Name the file of what 'rnnlm privacy --json' prints.");

    private static int Number(int? given, string option, int standard, int most) => given switch
    {
        null => standard,
        < 1 => throw new UsageException($"{option} must be from 1 to {most:N0}, but is {given}."),
        _ when given > most => throw new UsageException($"{option} must be from 1 to {most:N0}, but is {given}."),
        _ => given.Value,
    };

    private static double[] Temperatures(string list)
    {
        string[] parts = list.Split(',', StringSplitOptions.TrimEntries);
        double[] temperatures = [.. parts.Select(part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        return temperatures.All(value => value is >= 0 and <= 100) && temperatures.Length <= 12 ? temperatures
            : throw new UsageException($"--temperatures takes up to 12 numbers from 0 to 100, such as 0.3,1, but got '{list}'.");
    }

    private static IEnumerable<TextRow> Rows(IReadOnlyList<TextFile> files, SourceOptions source, SavedModel saved, string path,
        CommandContext context)
    {
        var data = new TextData(files, source, saved.DataMode, labels: source.LabelColumn is not null);
        return ModelKind.Of(saved) == ModelKind.Classifier
            ? data.Rows()
            : ConditionNames.Check(data.Rows(), saved.Conditions, source, path, Names(files), context);
    }

    private static CharacterCounter Count(IEnumerable<TextRow> rows, string names, SavedModel saved, int characters, CancellationToken stop)
    {
        var counter = new CharacterCounter(characters, saved.Vocabulary, saved.DataMode);
        foreach (TextRow row in rows)
        {
            stop.ThrowIfCancellationRequested();
            counter.Add(row);
        }

        return counter.Total > 0 ? counter : throw new FormatException($"there is no text in {names}. Name another file by --text, or "
            + "leave --text out: then the model reads what it writes itself.");
    }

    /// <summary>Without a text, the model reads what it wrote.</summary>
    private static ReadingData? ReadOwn(RnnLanguageModel model, ReportSample sample, string? condition, int characters)
    {
        TemperatureSample written = sample.Texts[0];
        var text = new CharacterCounter(characters, model.Vocabulary, model.Mode);
        text.Add(model.Mode == DataMode.Pairs
            ? TextRow.Pair(sample.Prompt, written.Text, condition)
            : TextRow.Row(sample.Prompt + written.Text, condition));
        string source = $"what the model wrote itself{(sample.Prompt.Length > 0 ? " after the prompt" : "")}, at temperature "
            + $"{written.Temperature}";
        return TextReading.Read(model, text.Beginning, source, text.IsCut || !written.Ended);
    }

    private static string Names(IReadOnlyList<TextFile> files) =>
        string.Join(", ", files.Take(3).Select(file => Path.GetFileName(file.Path)))
        + (files.Count > 3 ? $", … ({files.Count} files)" : "");
}
