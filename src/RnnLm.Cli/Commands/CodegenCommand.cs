using System.CommandLine;
using RnnLm.Cli.CodeGeneration;
using RnnLm.Cli.Configuration;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Writes C# that makes and uses a model in ML.NET.</summary>
internal sealed class CodegenCommand : CliCommand
{
    private readonly Argument<string> _input = new("INPUT")
    {
        Description = $"configuration (*{TrainingConfig.Extension}), or a model that 'rnnlm train' wrote",
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "folder to write to [that of the input; with --project a new one in it]", HelpName = "FOLDER",
    };

    private readonly Option<string?> _namespace = new("--namespace")
    {
        Description = "namespace of the code [the name with App]", HelpName = "NAME",
    };

    private readonly Option<ProjectKind?> _project = OptionGroup.Make<ProjectKind?>(
        "--project", "write a project too: a program that trains and predicts, or a web API that takes up a new model while it runs");

    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace files that exist" };
    private readonly Option<bool> _json = CommonOptions.Json("print the names of the files as a line of JSON");

    public CodegenCommand()
        : base("codegen", "writes C# for ML.NET, as Model Builder does: NAME.training.cs, which makes the model with all of its options, "
            + "and NAME.consumption.cs, which uses it.")
    {
        Examples =
        [
            $"rnnlm codegen orders{TrainingConfig.Extension} --namespace Shop",
            $"rnnlm codegen orders{TrainingConfig.Extension} --project console",
            "rnnlm codegen orders.zip --project web --output OrdersApi",
        ];
        Add(_input);
        foreach (Option option in (Option[])[_output, _namespace, _project, _force, _json])
            Add(option);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string input = parse.GetValue(_input)!;
        ProjectKind? project = parse.GetValue(_project);
        string name = ConfigFile.NameOf(input);
        TrainingConfig config = input.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? ConfigReader.ReadFile(input)
            : TrainedModel.Recall(ModelFile.Read(input, context), input);
        if (config.File is not null)
            context.Words = new ConfigWords(config, new FlagWords(Groups, parse: parse));
        string beside = Path.GetDirectoryName(Path.GetFullPath(input))!;
        string folder = parse.GetValue(_output) ?? (project is null ? beside : Path.Combine(beside, CSharp.Identifier(name) + "App"));
        OutputFile.RefuseStandardOutput(folder, _output.Name, isFolder: true);
        if (File.Exists(folder))
            throw new UsageException($"'{folder}' is a file. Name a folder by {_output.Name}.");
        var model = new GeneratedModel(config, name, folder, parse.GetValue(_namespace), Path.GetFileName(input));

        IReadOnlyList<(string Name, string Text)> files = GeneratedCode.Write(model, project);
        Directory.CreateDirectory(folder);
        var outputs = new List<OutputFile>();
        try
        {
            foreach ((string file, _) in files)
                outputs.Add(OutputFile.Reserve(Path.Combine(folder, file), Inputs(config, input), parse.GetValue(_force), context,
                    isFolder: true));
            foreach ((OutputFile output, string text) in outputs.Zip(files.Select(file => file.Text)))
                output.Write(text);
        }
        finally
        {
            outputs.ForEach(output => output.Dispose());
        }

        Report(context, parse.GetValue(_json), [.. outputs.Select(output => output.Path)]);
        return ExitCode.Success;
    }

    /// <summary>Returns what is read here and what the code will read, as far as it is there.</summary>
    private static string[] Inputs(TrainingConfig config, string input) =>
        [input, .. config.Source.Files, .. config.Source.Validation, .. config.Previous is { } previous ? (string[])[previous] : []];

    private static void Report(CommandContext context, bool json, string[] paths)
    {
        if (!json)
        {
            foreach (string path in paths)
                context.Output.WriteLine($"Wrote {path}");
            return;
        }

        JsonLine.Write(context.Output, writer =>
        {
            writer.WriteStartArray("files");
            foreach (string path in paths)
                writer.WriteStringValue(path);
            writer.WriteEndArray();
        });
    }
}
