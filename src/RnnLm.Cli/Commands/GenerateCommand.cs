using System.CommandLine;
using System.Security.Cryptography;
using RnnLm.Cli.DataSets;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Writes data sets.</summary>
internal sealed class GenerateCommand : CliCommand
{
    private readonly Argument<string?> _model = new("MODEL")
    {
        Description = "model file, a zip, that writes the column Text; not needed beside --column",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _columns = new("--column")
    {
        Description = "a column NAME that the model file MODEL writes; may be given several times",
        HelpName = "NAME=MODEL",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "file for the rows; without it they go to the standard output",
        HelpName = "FILE",
    };

    private readonly Option<RowFormat> _format = OptionGroup.Make<RowFormat>(
        "--format", "how rows are written; auto: by the ending of the file, *.csv, *.jsonl, else txt");

    private readonly Option<bool> _force = new("--force", "-f")
    {
        Description = "replace the output if it exists, and begin anew over the rows of a run that was stopped",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "go on where a run was stopped or killed: the file becomes what it would have been",
    };

    private readonly OptionGroup<GenerateOptions> _rows = new OptionGroup<GenerateOptions>("Rows")
        .Add(o => o.Rows, "number of rows; with --first-row, the number after the last row", aliases: "-n")
        .Add(o => o.Unique, "no two rows are the same")
        .Add(o => o.MaxTries, "texts written for a field at most, until one may be kept; then its row is missing")
        .Add(o => o.MaxRepeatShare, "share of repeats among the texts for 100 rows from which on the model has no more to say; 1 for never")
        .Add(o => o.FirstRow, "number of the first row: each of several processes can write a part")
        .Add(o => o.Seed, "seed; the same one writes the same rows");

    private readonly RuleOptionGroup _rules = new();
    private readonly OptionGroup<SamplingOptions> _sampling = SamplingOptionGroup.CreateForRows();
    private readonly OptionGroup<SourceOptions> _source =
        SourceOptionGroup.Create(training: false).Without(nameof(SourceOptions.LabelColumn), nameof(SourceOptions.Format));

    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public GenerateCommand()
        : base("generate", "writes data sets: rows that are valid, new and unique, in a file. A row is drawn from the seed and its number.")
    {
        Examples =
        [
            "rnnlm generate names.zip -n 100000 --unique --new -o names.txt --seed 1",
            "rnnlm generate names.zip -n 100000 --unique --new -o names.txt --seed 1 --resume",
            "rnnlm generate articles.zip -n 1000 --pattern \"[0-9]{13}\" --validate ean13 --unique -o articles.csv",
            "rnnlm generate names.zip -n 50000 --condition-weights uniform --not-in names.tsv --conditions -o names.jsonl",
            "rnnlm generate --column Country=countries.zip --column Name=names.zip --condition-from Name=Country -o people.csv",
        ];
        Add(_model);
        foreach (Option option in (Option[])[_columns, _output, _format, _force, _resume])
            Add(option);
        AddGroup(_rows);
        AddGroup(_rules);
        AddGroup(_sampling);
        AddGroup(_source);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        RowColumns columns = _rules.Read(parse, RowColumns.Find(parse.GetValue(_model), parse.GetValue(_columns) ?? []));
        var source = new SourceOptions();
        _source.Apply(parse, source);
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        string? path = parse.GetValue(_output);
        bool resume = parse.GetValue(_resume), force = parse.GetValue(_force);
        if (path is null && (resume || force))
            throw new UsageException($"{(resume ? "--resume" : "--force")} is for rows in a file: name it by --output.");
        if (resume && force)
            throw new UsageException("--resume goes on and --force begins anew: leave one of them out.");
        string[] inputs = [.. columns.Paths, .. columns.Files];
        foreach (string input in inputs)
            InputFile.RefuseReadOnce(input);
        using OutputFile? output = path is null ? null
            : OutputFile.Reserve(path, inputs, force || (resume && RowJournal.IsThere(path)), context);
        if (output is not null)
            RowJournal.RefuseInputs(output.Path, inputs);
        Dictionary<string, RnnLanguageModel> models = columns.Load(device, context);
        try
        {
            var options = new GenerateOptions();
            _rows.Apply(parse, options);
            GenerateColumn[] made = columns.Make(models, sampling => _sampling.Apply(parse, sampling), source, context);
            // All that was asked for is checked before anything is written.
            IReadOnlyList<string> names = new RowGenerator(options, made).Names;
            var run = new RowRun(options, made, new RowWriter(parse.GetValue(_format), path, names), context);
            if (output is null)
            {
                run.Write(context.Output);
                return ExitCode.Success;
            }

            using var journal = RowJournal.Open(output.Path, Settings(parse, columns), options.Seed, resume, force);
            run.Write(journal, output);
            return ExitCode.Success;
        }
        finally
        {
            foreach (RnnLanguageModel model in models.Values)
                model.Dispose();
        }
    }

    /// <summary>Returns all that a row depends on: the options as they were given, and the contents of the files.</summary>
    private Dictionary<string, string> Settings(ParseResult parse, RowColumns columns)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Option option in Options.Except([_output, _format, _force, _resume])
            .Where(option => option.Name is not ("--rows" or "--seed" or "--threads")))
        {
            if (parse.GetResult(option) is { Implicit: false } given)
                settings[option.Name] = given.Tokens.Count == 0 ? "given" : string.Join(' ', given.Tokens.Select(token => token.Value));
        }

        foreach (string path in columns.Paths.Concat(columns.Files).Distinct(StringComparer.Ordinal))
        {
            using FileStream file = File.OpenRead(path);
            settings[$"the content of '{path}'"] = Convert.ToHexStringLower(SHA256.HashData(file));
        }

        return settings;
    }
}
