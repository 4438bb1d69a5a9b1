using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Privacy;
using RnnLm.Cli.Report;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.Files;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Commands;

/// <summary>Tells what generated rows and a model give away of the training rows.</summary>
internal sealed class PrivacyCommand : CliCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Option<string[]> _train = Files("--train", "files that the model was trained on");
    private readonly Option<string[]> _generated =
        Files("--generated",
        "files with the rows that it wrote, by the ending of their names: *.csv, *.tsv and *.jsonl with a column or member "
        + "Text, else a text in each line; - for the standard input");

    private readonly Option<string[]> _heldOut = Files(
        "--held-out", "files with real rows that it was not trained on, read as those of --train [the rows of --train that rnnlm train "
        + "kept apart for validation]");

    private readonly Option<string?> _canaries = new("--canaries")
    {
        Description = "canaries that rnnlm plant put into the training file, whose exposure is measured",
        HelpName = "FILE"
    };
    private readonly Option<string?> _column = new("--generated-column")
    {
        Description = "column, or member of each line of JSON, with the generated text [Text]",
        HelpName = "NAME"
    };
    private readonly Option<bool> _conditions =
        new("--generated-conditions") { Description = "each line of a text file of generated rows begins with a condition and a tab" };
    private readonly Option<string?> _output =
        new("--output", "-o") { Description = "page to write, with what each figure means", HelpName = "FILE" };
    private readonly Option<bool> _json = CommonOptions.Json("print an object of JSON, which rnnlm report --privacy reads");
    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the page if it exists" };

    private readonly OptionGroup<PrivacyOptions> _comparison = new OptionGroup<PrivacyOptions>("Comparison")
        .Add(o => o.NearCopyThreshold,
            "distance to the closest training row up to which a row is a near copy: the share of characters that differ")
        .Add(o => o.Sample, "generated and held-out rows that are compared with all training rows, drawn at random where there are more; 0 "
            + "for all")
        .Add(o => o.Seed, "seed of the sample");

    private readonly OptionGroup<ExposureOptions> _exposure = new OptionGroup<ExposureOptions>("Exposure")
        .Add(o => o.MaxEnumeration, "texts of the canaries' format up to which all are scored, so that ranks are exact")
        .Add(o => o.Samples, "texts of the format that are scored where there are more", "--exposure-samples");

    private readonly OptionGroup<SourceOptions> _source = SourceOptionGroup.Create(training: false)
        .Without(nameof(SourceOptions.LabelColumn));
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public PrivacyCommand()
        : base("privacy", "tells what generated rows give away of the training rows, beside real rows that were not trained on, and what "
            + "the model remembers of canaries. The training file is read as it was in training; options say otherwise.")
    {
        Examples =
        [
            "rnnlm privacy names.zip --train names.txt --generated rows.txt",
            "rnnlm privacy names.zip --train names.txt --generated rows.csv --held-out others.txt -o privacy.html",
            "rnnlm privacy planted.zip --canaries planted.canaries.json",
            "rnnlm privacy names.zip --train names.txt --generated rows.txt --json > privacy.json",
        ];
        Add(_model);
        foreach (Option option in (Option[])[_train, _generated, _heldOut, _canaries, _column, _conditions, _output, _json, _force])
            Add(option);
        AddGroup(_comparison);
        AddGroup(_exposure);
        AddGroup(_source);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string path = parse.GetValue(_model)!;
        string[] train = parse.GetValue(_train)!, generated = parse.GetValue(_generated)!, heldOut = parse.GetValue(_heldOut)!;
        string? canaryPath = parse.GetValue(_canaries);
        RequireInputs(train, generated, heldOut, canaryPath);
        var options = new PrivacyOptions { CancellationToken = context.Stop };
        _comparison.Apply(parse, options);
        var exposure = new ExposureOptions { CancellationToken = context.Stop };
        _exposure.Apply(parse, exposure);
        exposure.Seed = options.Seed;
        _exposure.RefuseIdle(parse, canaryPath is null, "is for --canaries: give that too", nameof(exposure.MaxEnumeration),
            nameof(exposure.Samples));
        _comparison.RefuseIdle(parse, train.Length == 0, "is for --train and --generated: give them too", nameof(options.NearCopyThreshold),
            nameof(options.Sample));
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        options.Threads = device.Threads;
        SavedModel saved = ModelFile.Read(path, context);
        ModelKind.LanguageModel.Require(saved, path);
        var record = new TrainingRecord(saved, path);
        SourceOptions source = record.Source;
        _source.Apply(parse, source);

        InputFile.RefuseTwice([.. new[] { (_train.Name, train), (_heldOut.Name, heldOut), (_generated.Name, generated) }
            .SelectMany(given => given.Item2.Select(file => ((OptionMessage)given.Name, file)))]);
        IReadOnlyList<TextFile> trainFiles = source.Find(train, context.Warn), heldOutFiles = source.Find(heldOut, context.Warn);
        IReadOnlyList<TextFile> generatedFiles =
            new SourceOptions().Find(generated, context.Warn, openInput: context.OpenInput, stop: context.Stop);
        string[] inputs = [path, .. Paths([.. trainFiles, .. heldOutFiles, .. generatedFiles]), .. new[] { canaryPath }.OfType<string>()];
        using OutputFile? output = parse.GetValue(_output) is { } page
            ? OutputFile.Reserve(page, inputs, parse.GetValue(_force), context)
            : null;
        CanarySet? canaries = canaryPath is null ? null : InputFile.Exists(canaryPath) ? CanarySet.Load(canaryPath)
            : throw new UsageException($"--canaries: '{canaryPath}' {InputFile.Missing(canaryPath)}. Name the file that rnnlm plant "
            + "wrote.");

        var result = new PrivacyResult(Path.GetFileName(path), options.Sample, options.Seed);
        if (trainFiles.Count > 0)
        {
            WarnOfSame(generatedFiles, trainFiles, "generated", context);
            WarnOfSame(heldOutFiles, trainFiles, "held-out", context);
            var format = new GeneratedFormat(saved.DataMode, parse.GetValue(_column), parse.GetValue(_conditions), saved.Conditions);
            result = Compare(result, trainFiles, heldOutFiles, RowFiles.Generated(generatedFiles, format), record, source, saved.DataMode,
                options, context);
        }

        if (canaries is not null)
        {
            using RnnLanguageModel model = ModelFile.OpenLanguageModel(path, saved, device, context);
            ExposureReport measured = model.MeasureExposure(canaries, exposure);
            result = result with { Exposure = measured, ExposureDoubt = CanaryDoubt.Of(canaries, measured, record) };
            if (result.ExposureDoubt is { } doubt)
                context.Warn($"{doubt}. Their exposure then says nothing of what it remembers.");
            int unknown = result.Exposure.Canaries.Count(canary => canary.Exposure is null);
            if (unknown > 0)
                context.Warn($"the model does not know all characters of {unknown:N0} of {canaries.Canaries.Count:N0} canaries, so that "
                    + "their exposure can't be measured. Was it trained on the file that 'rnnlm plant' wrote?");
        }

        bool json = parse.GetValue(_json);
        if (json)
            JsonLine.Write(context.Output, writer => PrivacyJson.Write(writer, result));
        else
            PrivacyTable.Write(context.Output, result);
        if (output is not null)
        {
            output.Write(ReportPage.Create(ReportBuilder.Describe(saved,
                new FileInfo(path)) with { Privacy = PrivacyJson.ToElement(result) }));
            // The object is all that goes to a program.
            if (json)
                context.Say($"Saved {output.Path}");
            else
                context.Output.WriteLine($"{Environment.NewLine}Saved {output.Path}");
        }

        return ExitCode.Success;
    }

    private static PrivacyResult Compare(
        PrivacyResult result, IReadOnlyList<TextFile> trainFiles, IReadOnlyList<TextFile> heldOutFiles, ComparedRows generated,
        TrainingRecord record,
        SourceOptions source, DataMode mode, PrivacyOptions options, CommandContext context)
    {
        ComparedRows training = RowFiles.Real(trainFiles, source, mode, context);
        (training, ComparedRows heldOut) = heldOutFiles.Count > 0
            ? (training, RowFiles.Real(heldOutFiles, source, mode, context)) : RowFiles.Divide(training, record);
        PrivacyReport report;
        try
        {
            report = PrivacyReport.Compare(training.Rows, generated.Rows, heldOut.Rows, options);
        }
        catch (TextDataException e) when (e.SourceName is null)
        {
            throw e.In(string.Join(", ", trainFiles.Concat(generated.Files).Select(file => file.Path)), null);
        }

        return result with { Rows = report, Names = (training.Name, generated.Name, heldOut.Name) };
    }

    private static Option<string[]> Files(string name, string description) => new(name)
    {
        Description = $"{description}; may be given several times",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    private static IEnumerable<string> Paths(IEnumerable<TextFile> files) =>
        files.Where(file => file.Content is null).Select(file => file.Path);

    private static void RequireInputs(string[] train, string[] generated, string[] heldOut, string? canaries)
    {
        if (train.Length == 0 && generated.Length == 0 && canaries is null)
            throw new UsageException("There is nothing to look at: give --train and --generated, to compare rows, or --canaries.");
        if ((train.Length == 0) != (generated.Length == 0))
            throw new UsageException($"{(train.Length == 0 ? "--train" : "--generated")} is missing: generated rows are compared with "
                + "those trained on.");
        if (train.Length == 0 && heldOut.Length > 0)
            throw new UsageException("--held-out needs --train and --generated: it is for a comparison of rows.");
    }

    /// <summary>Rows that are compared with themselves are copies, which is no fault, but hardly what is meant.</summary>
    private static void WarnOfSame(IReadOnlyList<TextFile> files, IReadOnlyList<TextFile> train, string what, CommandContext context)
    {
        foreach (string path in Paths(files).Where(path => Paths(train).Any(other => FileIdentity.AreSame(path, other))))
            context.Warn($"'{path}', given for {what} rows, is a training file: each of its rows is a copy.");
    }
}
