using System.CommandLine;
using System.Globalization;
using RnnLm.Cli.Options;
using RnnLm.Cli.Progress;
using RnnLm.Cli.Reproduce;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Commands;

/// <summary>Runs a published or taught experiment again, and ends with one line of its figures.</summary>
internal sealed class ReproduceCommand : CliCommand
{
    private readonly Argument<string> _name =
        new("NAME") { Description = "experiment: " + string.Join(", ", Recipes.All.Select(recipe => recipe.Name)) };
    private readonly Option<long> _seed =
        new("--seed") { Description = "seed of everything random [1]", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly OptionGroup<DeviceOptions> _device = CommonOptions.Device();

    public ReproduceCommand()
        : base("reproduce", "runs a published or taught experiment again. Its data are in the folder that RNNLM_DATA names. The last line "
            + "is RESULT name=value …")
    {
        Examples = ["rnnlm reproduce d2l-gru", "RNNLM_DATA=~/corpora rnnlm reproduce shakespeare-3min --threads 2"];
        Add(_name);
        Add(_seed);
        AddGroup(_device);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        string name = parse.GetValue(_name)!;
        Recipe recipe = Recipes.All.FirstOrDefault(recipe => recipe.Name == name)
            ?? throw new UsageException($"there is no experiment '{name}'. There are "
            + $"{string.Join(", ", Recipes.All.Select(recipe => recipe.Name))}.");
        var device = new DeviceOptions();
        _device.Apply(parse, device);
        context.Say(recipe.Summary);
        var display = TrainingDisplay.Create(context, json: false, epochs: 0, recipe.Words);
        var run = new RecipeRun(device, parse.GetValue(_seed), context.Output, display, context.Stop);
        IReadOnlyList<(string Key, double Value)> figures = display.Run(() => recipe.Run(run));
        context.Output.WriteLine("RESULT "
            + string.Join(" ", figures.Select(figure => $"{figure.Key}={figure.Value.ToString("0.####", CultureInfo.InvariantCulture)}")));
        return ExitCode.Success;
    }
}
