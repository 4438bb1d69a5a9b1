using System.CommandLine;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Commands;

/// <summary>Says how well models predict texts.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "text files, tables (*.csv), or folders with *.txt; - for the standard input [-]",
        Arity = ArgumentArity.ZeroOrMore
    };
    private readonly Option<string?> _compare =
        new("--compare") { Description = "a second model, evaluated on the same text", HelpName = "MODEL" };
    private readonly Option<double?> _falsePositiveRate = OptionGroup.Make<double?>("--false-positive-rate",
        "print the threshold of a classifier of two labels at this rate, and how many of the positive texts it finds");
    private readonly Option<string?> _positive = CommonOptions.Positive();
    private readonly Option<bool> _json = CommonOptions.Json("print a line of JSON for each file and model");
    private readonly OptionGroup<SourceOptions> _source = SourceOptionGroup.Create(training: false);
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public EvaluateCommand()
        : base("evaluate", "says how well a model predicts texts: nats and bits for each character, bits for each byte, and perplexity; of "
            + "a classifier, accuracy, macro F1 and, of two labels, the area under the ROC curve (AUC) and the "
            + "confusion matrix. Lines are read as the model was "
            + "trained.")
    {
        Examples = ["rnnlm evaluate shakespeare.zip test.txt", "rnnlm evaluate new.zip test/ --compare old.zip",
            "rnnlm evaluate countries.zip test.tsv", "rnnlm evaluate spam.zip test.tsv --false-positive-rate 0.01 --positive spam"];
        Add(_model);
        Add(_files);
        foreach (Option option in (Option[])[_compare, _falsePositiveRate, _positive, _json])
            Add(option);
        AddGroup(_source);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        var source = new SourceOptions();
        _source.Apply(parse, source);
        string[] named = parse.GetValue(_files)!;
        if (named.Length == 0 && context.IsInputTerminal)
            throw new UsageException("FILE is missing: name a text file, a table or a folder, or - for the standard input.");
        InputFile.RefuseTwice(named.Select(path => ((OptionMessage)_files.Name, path)));
        IReadOnlyList<TextFile> files = source.Find(named.Length == 0 ? [TextFile.StandardInput] : named, context.Warn,
            openInput: context.OpenInput, stop: context.Stop);
        string[] paths = parse.GetValue(_compare) is { } second ? [parse.GetValue(_model)!, second] : [parse.GetValue(_model)!];
        (string, SavedModel Saved)[] models = [.. paths.Select(path => (path, ModelFile.Read(path, context)))];
        bool json = parse.GetValue(_json);
        double? rate = parse.GetValue(_falsePositiveRate);
        if (rate is { } asked and not (>= 0 and < 1))
            throw new UsageException($"--false-positive-rate must be at least 0 and below 1, but is {asked}.");
        string? positive = parse.GetValue(_positive);
        if (positive is not null && rate is null)
            throw new UsageException("--positive says which label --false-positive-rate is for. Give that too.");
        if (ModelKind.Of(models[0].Saved) == ModelKind.Classifier)
            EvaluateClassifiers(models, files, source, device, json, context, rate, positive);
        else if (rate is not null)
            throw new UsageException($"--false-positive-rate is for classifiers, but '{paths[0]}' is a language model. Leave it out.");
        else
            EvaluateLanguageModels(models, files, source, device, json, context);
        return ExitCode.Success;
    }

    private static void EvaluateLanguageModels((string Path, SavedModel Saved)[] models, IReadOnlyList<TextFile> files,
        SourceOptions source, DeviceOptions device, bool json, CommandContext context)
    {
        var report = new EvaluationReport(context, json);
        foreach ((string path, SavedModel saved) in models)
        {
            using RnnLanguageModel model = ModelFile.OpenLanguageModel(path, saved, device, context);
            TextEvaluation total = default;
            foreach (TextFile file in files)
            {
                var data = new TextData([file], source, model.Mode);
                IEnumerable<TextRow> rows = ConditionNames.Check(data.Rows(), model.Conditions, source, path, file.Path, context);
                TextEvaluation evaluation = model.Evaluate(rows, separator: "", context.Stop);
                report.Add(path, file.Path, evaluation);
                total += evaluation;
            }

            RequireText(total.Count, files);
            if (files.Count > 1)
                report.Add(path, EvaluationReport.All, total);
        }

        report.Finish();
    }

    private static void RequireText(long count, IReadOnlyList<TextFile> files)
    {
        if (count == 0)
            throw new TextDataException("there is no text to evaluate.", string.Join(", ", files.Select(file => file.Path)));
    }

    /// <summary>Each line is a label, a tab and a text, or each row has them.</summary>
    private static void EvaluateClassifiers((string Path, SavedModel Saved)[] models, IReadOnlyList<TextFile> files, SourceOptions source,
        DeviceOptions device, bool json, CommandContext context, double? rate, string? positive)
    {
        bool twoLabels = models.All(model => model.Saved.Classes.Count == 2);
        var report = new ClassifierReport(context.Output, json, twoLabels, rate);
        foreach ((string path, SavedModel saved) in models)
        {
            int which = rate is null ? saved.Classes.Count - 1 : PositiveLabel.Find(path, saved.Classes, positive, "--false-positive-rate");
            using RnnTextClassifier model = ModelFile.OpenClassifier(path, saved, device, context);
            var total = new ClassifierEvaluation();
            foreach (TextFile file in files)
            {
                var data = new TextData([file], source, DataMode.Rows, labels: true);
                ClassifierEvaluation evaluation = model.Evaluate(data.Labelled(), context.Stop);
                if (evaluation.UnlabelledRows > 0 && path == models[0].Path)
                    context.Warn($"not counted: {Counted.Of(evaluation.UnlabelledRows, "row")} of '{file.Path}' without a label.");
                report.Add(path, file.Path, evaluation, model.Labels, which);
                total.Add(evaluation);
            }

            if (total is { Rows: 0, UnlabelledRows: > 0 })
            {
                throw new TextDataException("no row has a label, so that there is nothing to compare answers with. Check the label column, "
                    + "or ask for answers by rnnlm classify.", string.Join(", ", files.Select(file => file.Path)));
            }

            RequireText(total.Rows, files);
            if (rate is { } wanted)
                WarnOfFew(wanted, total.Labels.GetValueOrDefault(model.Labels[1 - which]).Rows, context);
            if (files.Count > 1)
                report.Add(path, "all", total, model.Labels, which);
            if (models.Length == 1)
                report.AddLabels(total, model.Labels);
        }

        report.Finish(labels: models.Length == 1);
    }

    private static void WarnOfFew(double rate, long negatives, CommandContext context)
    {
        if (rate > 0 && rate * negatives < 1)
        {
            context.Warn($"there are {negatives:N0} texts that are not positive, of which a rate of {rate} is less than one. Give at least "
                + $"{Math.Ceiling(1 / rate):N0} for a threshold that means something.");
        }
    }
}
