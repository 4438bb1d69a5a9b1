using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Commands;

/// <summary>A command with what its help shows: options in groups, and examples.</summary>
internal abstract class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Gets the options in the groups of the help.</summary>
    public List<OptionGroup> Groups { get; } = [];

    /// <summary>Gets command lines that show the command at work.</summary>
    public IReadOnlyList<string> Examples { get; protected init; } = [];

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(ParseResult parse, CommandContext context);

    /// <summary>Lets messages name an option of the library by a flag that stands in no group.</summary>
    protected void AddName(OptionId option, Option flag) => Groups.Add(new OptionGroup<object>("") { Names = { [option] = flag.Name } });

    protected void AddGroup(OptionGroup group)
    {
        Groups.Add(group);
        group.Options.ForEach(Add);
    }
}
