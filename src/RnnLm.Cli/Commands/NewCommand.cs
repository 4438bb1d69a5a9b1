using System.CommandLine;
using RnnLm.Cli.Configuration;
using RnnLm.Cli.Options;
using RnnLm.Cli.Sources;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Writes a configuration to train by.</summary>
internal sealed class NewCommand : CliCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = $"name of the configuration: NAME{TrainingConfig.Extension}, of which comes NAME.zip",
        Arity = ArgumentArity.ZeroOrOne
    };
    private readonly Option<string[]> _files = new("--data", "-d")
    {
        Description = "text file, table (*.csv) or folder to train on; may be given several times",
        HelpName = "FILE",
        DefaultValueFactory = _ => []
    };
    private readonly Option<bool> _schema = new("--schema") { Description = "print the JSON schema of configurations, and write nothing" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the configuration if it exists" };
    private readonly Option<bool> _json = CommonOptions.Json("print the names of the files as a line of JSON");
    private readonly TrainingOptionGroups _groups = new();

    public NewCommand()
        : base("new", $"writes NAME{TrainingConfig.Extension}, a configuration to train by, and the schema by which editors complete it. "
            + "What is not given is asked for on a terminal.")
    {
        Examples =
        [
            "rnnlm new orders",
            "rnnlm new orders --data orders.csv --text-column Message --mode rows --cell gru --epochs 20",
            "rnnlm new --schema > rnnlm.schema.json",
        ];
        Add(_name);
        foreach (Option option in (Option[])[_files, _schema, _force, _json])
            Add(option);
        foreach (OptionGroup group in _groups.All)
            AddGroup(group);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        if (parse.GetValue(_schema))
        {
            context.Output.Write(ConfigSchema.Create());
            return ExitCode.Success;
        }

        bool asks = context.IsInputTerminal && context.Status.Profile.Capabilities.Interactive;
        var questions = new ConfigQuestions(context.Status);
        string name = parse.GetValue(_name)
            ?? (asks ? questions.Name() : throw new UsageException($"NAME is missing: {_name.Description}."));
        OutputFile.RefuseStandardOutput(name, _name.Name);
        string path = name.EndsWith(TrainingConfig.Extension, StringComparison.OrdinalIgnoreCase) ? name : name + TrainingConfig.Extension;
        string schemaPath = Path.Combine(Path.GetDirectoryName(path) ?? "", ConfigSchema.FileName);
        bool force = parse.GetValue(_force);
        using OutputFile output = OutputFile.Reserve(path, [], force, context, _name.Name);
        using OutputFile schema = OutputFile.Reserve(schemaPath, [], force || ConfigSchema.IsIn(schemaPath), context, _name.Name);

        TrainingConfig config = Start(ConfigFile.NameOf(path));
        config.Source.Files = parse.GetValue(_files)!;
        _groups.Apply(parse, config);
        if (config.Source.Files.Count == 0)
            config.Source.Files = asks ? questions.Files() : throw new UsageException("name the data by --data: a text file, a table "
                + "(*.csv) or a folder. On a terminal, 'rnnlm new' asks for all it needs.");
        if (asks && !_groups.All.SelectMany(group => group.Options).Any(option => parse.GetResult(option) is { Implicit: false }))
            questions.Ask(config);
        config.Check();
        // Whatever would stop the training is said now.
        IReadOnlyList<TextFile> training = config.Source.Find(config.Source.Files, context.Warn),
            validation = config.Source.Find(config.Source.Validation, context.Warn);
        _ = new TextData(training, config.Source, config.Mode, config.Kind.ReadsLabels);
        foreach (OutputFile file in (OutputFile[])[output, schema])
            OutputFile.RefuseInputs(file.Path, training.Concat(validation).Select(input => input.Path), _name.Name);
        Write(output, schema, config);
        Report(context, output, schema, parse.GetValue(_json));
        return ExitCode.Success;
    }

    private static TrainingConfig Start(string name) => new()
    {
        Output = name + ".zip",
        Options = { Training = { Seed = 1, CheckpointPath = name + ".checkpoint" } },
    };

    private static void Write(OutputFile output, OutputFile schema, TrainingConfig config)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(output.Path))!;
        config.Source.Files = From(folder, config.Source.Files);
        config.Source.Validation = From(folder, config.Source.Validation);
        output.Write(ConfigWriter.ToText(config, "./" + ConfigSchema.FileName));
        schema.Write(ConfigSchema.Create());
    }

    private static void Report(CommandContext context, OutputFile output, OutputFile schema, bool json)
    {
        if (json)
        {
            JsonLine.Write(context.Output, writer =>
            {
                writer.WriteString("config", output.Path);
                writer.WriteString("schema", schema.Path);
            });
            return;
        }

        context.Output.WriteLine($"Wrote {output.Path} and {schema.Path}. Next: rnnlm train {output.Path}");
    }

    private static string[] From(string folder, IEnumerable<string> paths) =>
        [.. paths.Select(path => Path.IsPathRooted(path) ? path : Path.GetRelativePath(folder, Path.GetFullPath(path)).Replace('\\', '/'))];
}
