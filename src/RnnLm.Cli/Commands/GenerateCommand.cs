using System.CommandLine;
using RnnLm.Cli.DataSets;
using RnnLm.Cli.Options;
using RnnLm.Cli.Shards;
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
        Description = "file for the rows, or the folder for the parts of --shard; - for the standard output [-]",
        HelpName = "FILE",
    };

    private readonly Option<RowFormat> _format = OptionGroup.Make<RowFormat>(
        "--format", "how rows are written; auto: by the ending of the file, *.csv, *.jsonl, else txt");

    private readonly Option<bool> _force = new("--force", "-f")
    {
        Description = "replace the output if it exists, and drop the rows of a run that was stopped",
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

    private readonly ShardOptions _shards = new();
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
            "rnnlm generate names.zip -n 1000000 --seed 1 --format csv --shard auto -o parts",
            "rnnlm generate --column Country=countries.zip --column Name=names.zip --condition-from Name=Country -o people.csv",
        ];
        Add(_model);
        foreach (Option option in (Option[])[_columns, _output, _format, _force, _resume])
            Add(option);
        AddGroup(_rows);
        AddGroup(_rules);
        AddGroup(_sampling);
        AddGroup(_source);
        AddGroup(_shards);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        RowColumns columns = _rules.Read(parse, RowColumns.Find(parse.GetValue(_model), parse.GetValue(_columns) ?? []));
        var source = new SourceOptions();
        _source.Apply(parse, source);
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        string? path = OutputFile.OrStandardOutput(parse.GetValue(_output));
        bool resume = parse.GetValue(_resume), force = parse.GetValue(_force);
        Shard? shard = _shards.Find(parse, context);
        if (shard is not null && path is null)
            throw new UsageException($"{Shard.Option} writes a part file: name the folder for it by --output.");
        if (shard is not null && (resume || force))
            throw new UsageException("a part is written as a whole, and made again by --overwrite: leave "
                + $"{(resume ? "--resume" : "--force")} "
                + "out.");
        if (path is null && (resume || force))
            throw new UsageException($"{(resume ? "--resume" : "--force")} is for rows in a file: name it by --output.");
        if (resume && force)
            throw new UsageException("--resume goes on and --force starts over: leave one of them out.");
        string[] inputs = [.. columns.Paths, .. columns.Files];
        foreach (string input in inputs)
            InputFile.RefuseReadOnce(input);
        using OutputFile? output = path is null || shard is not null ? null
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
            var writer = new RowWriter(parse.GetValue(_format), shard is null ? path : null, names);
            if (shard is { } share)
            {
                WritePart(parse, share, options, made, columns, writer, context);
                return ExitCode.Success;
            }

            var run = new RowRun(options, made, writer, context);
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

    /// <summary>Writes the rows of a share, unless they are there.</summary>
    private void WritePart(ParseResult parse, Shard shard, GenerateOptions options, GenerateColumn[] made, RowColumns columns,
        RowWriter writer, CommandContext context)
    {
        if (options.Seed is null)
            throw new UsageException($"{Shard.Option} needs --seed: without one, each share would draw in its own way.");
        if (options.Unique || made.Any(column => column.Unique))
            throw new UsageException($"no share knows the rows of the others, so {(options.Unique ? "--unique" : "--unique-column")} can't "
                + $"hold for all of them: leave it out, or leave {Shard.Option} out.");
        var folder = new PartFolder(parse.GetValue(_output)!, shard, writer.Ending, columns.Paths.Concat(columns.Files), context);
        Dictionary<string, string> settings = Settings(parse, columns);
        settings["--rows"] = FormattableString.Invariant($"{options.Rows}");
        settings["--seed"] = FormattableString.Invariant($"{options.Seed}");
        settings["--format"] = writer.Ending;
        settings["the command"] = Name;
        settings["rnnlm"] = RunSettings.Version;
        long total = options.Rows - options.FirstRow;
        (long first, long end) = shard.Of(total);
        (options.FirstRow, options.Rows) = (options.FirstRow + first, options.FirstRow + end);
        RowRun? run = null;
        long rows = 0;
        bool isWritten = folder.Write(new PartPlan(total, settings), _shards.Overwrites(parse), withErrors: false, (part, _) =>
        {
            run = new RowRun(options, made, writer, context);
            try
            {
                (rows, int header) = run.WritePart(part);
                return new PartCounts(rows, 0, header);
            }
            catch (GenerationExhaustedException e)
            {
                throw new GenerationExhaustedException($"{e.Message} No part is written, and the parts of the other shares can't be merged "
                    + "without it: make all of them again with what you change.");
            }
        });
        folder.Conclude(isWritten, rows, total);
        run?.RequireAll();
    }

    /// <summary>Returns all that a row depends on: the options as they were given, and the contents of the files.</summary>
    private Dictionary<string, string> Settings(ParseResult parse, RowColumns columns)
    {
        Dictionary<string, string> settings = RunSettings.Of(parse, Options.Except([_output, _format, _force, _resume, .. _shards.Options])
            .Where(option => option.Name is not ("--rows" or "--seed" or "--threads")));
        foreach (string path in columns.Paths.Concat(columns.Files).Distinct(StringComparer.Ordinal))
            settings[$"the content of '{path}'"] = RunSettings.HashOf(path);
        return settings;
    }
}
