using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Tasks;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Says of texts whether they are plausible.</summary>
internal sealed class CheckCommand : RowCommand
{
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

    private readonly Option<string?> _save = new("--save")
    {
        Description = "save the model with its calibration; then --held-out is not needed again",
        HelpName = "MODEL",
    };

    private readonly OptionGroup<AnomalyOptions> _anomalies = AnomalyOptionGroup.Create();

    public CheckCommand()
        : base("check", "says of the text of each row whether it is plausible, and where it is least so: the p-value among held-out rows, "
            + "whether that is an anomaly, the least likely character's position, and what is likeliest there.", "text",
            nameof(RowOptions.KeyColumn), nameof(RowOptions.BatchSize))
    {
        Examples =
        [
            "rnnlm check names.zip --held-out test.txt --save checked.zip",
            "rnnlm check checked.zip --text Miller --text xqzjk",
            "rnnlm check checked.zip < names.txt",
            "rnnlm check checked.zip rows.jsonl -o checked.jsonl --false-positive-rate 0.001",
        ];
        foreach (Option option in (Option[])[_heldOut, _bad, _save])
            Add(option);
        AddGroup(_anomalies);
        AddRowGroups();
    }

    protected override bool IsDoneWithoutRows(ParseResult parse) => parse.GetValue(_save) is not null;

    protected override IEnumerable<(string Option, string Path)> OtherInputs(ParseResult parse) => Given(parse, _heldOut, _bad);

    protected override IEnumerable<(string Option, string Path)> OtherOutputs(ParseResult parse) => Given(parse, _save);

    protected override void Check(ParseResult parse, RowOptions options)
    {
        if (parse.GetValue(_heldOut) is null && (parse.GetValue(_save) ?? parse.GetValue(_bad)) is not null)
            throw new UsageException($"{(parse.GetValue(_save) is null ? _bad.Name : _save.Name)} goes with --held-out FILE.");
        if (parse.GetValue(_bad) is not null && IsRateGiven(parse))
            throw new UsageException("--bad chooses the threshold in place of --false-positive-rate. Leave one of them out.");
    }

    protected override RowTask Open(RowCall call)
    {
        using OutputFile? file = Reserve(call.Parse.GetValue(_save), _save.Name, call);
        RnnLanguageModel model = call.LoadLanguageModel();
        try
        {
            AnomalyDetector detector = Detector(call, model);
            if (file is not null)
            {
                detector.Save(file.Path);
                call.Context.Say($"Saved {file.Path}");
            }

            return new CheckTask(model, detector);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private AnomalyDetector Detector(RowCall call, RnnLanguageModel model)
    {
        var options = new AnomalyOptions();
        _anomalies.Apply(call.Parse, options);
        if (call.Parse.GetValue(_heldOut) is { } heldOut)
        {
            IEnumerable<TextRow>? bad = call.Parse.GetValue(_bad) is { } file ? Rows(file) : null;
            return model.Calibrate(Rows(heldOut), options, bad, call.Context.Stop);
        }

        AnomalyDetector detector = model.AnomalyDetector ?? throw new UsageException(
            $"'{call.ModelPath}' is not calibrated. Give good rows that it was not trained on by --held-out FILE; --save MODEL keeps the "
            + "result.");
        if (options.TwoSided)
            throw new UsageException("--two-sided goes with --held-out FILE: it is a part of the calibration.");
        return IsRateGiven(call.Parse) ? detector.WithFalsePositiveRate(options.FalsePositiveRate) : detector;

        // The rows of a file, in the form of those that are checked.
        IEnumerable<TextRow> Rows(string name)
        {
            var names = RowNames.Of(TextName, model.Mode == DataMode.Pairs);
            var source = new RowSource(RowSource.Find([name], call.Options, call.Context), [], call.Options, names);
            var parser = new RowParser(call.Options, names, model.Conditions, call.Condition, call.Context);
            return new CalibrationRows(source, parser, model, call.Context).Read(name);
        }
    }

    private static IEnumerable<(string Option, string Path)> Given(ParseResult parse, params Option<string?>[] options) =>
        options.Where(option => parse.GetValue(option) is not null).Select(option => (option.Name, parse.GetValue(option)!));

    private bool IsRateGiven(ParseResult parse) =>
        _anomalies.Entries.Single(entry => entry.Property.Name == nameof(AnomalyOptions.FalsePositiveRate)).IsGiven(parse);
}
