using System.CommandLine;
using System.Text;
using RnnLm.Cli.Models;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.ModelFiles;

namespace RnnLm.Cli.Commands;

/// <summary>Says what a model file holds.</summary>
internal sealed class InspectCommand : CliCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Option<bool> _json = CommonOptions.Json("print the model's config.json");

    public InspectCommand()
        : base("inspect", "says what a model file holds: network, characters, settings, and how it was trained.")
    {
        Examples = ["rnnlm inspect shakespeare.zip", "rnnlm inspect shakespeare.zip --json | jq .training.history"];
        Add(_model);
        Add(_json);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string path = parse.GetValue(_model)!;
        SavedModel model = ModelFile.Read(path, context);
        if (parse.GetValue(_json))
        {
            var config = new MemoryStream();
            new SavedModelWriter(model).WriteConfig(config);
            context.Output.WriteLine(Encoding.UTF8.GetString(config.ToArray()));
            return ExitCode.Success;
        }

        (string Name, string Value)[] facts = [.. ModelFacts.Of(model, new FileInfo(path))];
        int width = facts.Max(f => f.Name.Length) + 2;
        foreach ((string name, string value) in facts)
            context.Output.WriteLine(CommandContext.OneLine(name.PadRight(width) + value));
        return ExitCode.Success;
    }
}
