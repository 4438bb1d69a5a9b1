using System.CommandLine;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Commands;

/// <summary>The argument and the option by which a command is given its rows.</summary>
internal sealed class RowInputs
{
    /// <param name="textName">What texts are called where they have no other name.</param>
    public RowInputs(string textName)
    {
        string[] aliases = textName == "text" ? ["-t"] : [$"-{textName[0]}", "--text", "-t"];
        Texts = new($"--{textName}", aliases) { Description = "text in place of files; may be given several times" };
    }

    /// <summary>Gets the argument that names files.</summary>
    public Argument<string[]> Files { get; } = new("INPUT")
    {
        Description = "files of rows, or folders of them; - for the standard input [-]: text, tables (*.csv, *.tsv) or lines of JSON "
            + "(*.jsonl)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Gets the option that gives texts.</summary>
    public Option<string[]> Texts { get; }

    /// <summary>Returns what was asked for.</summary>
    /// <exception cref="UsageException">Both texts and files were.</exception>
    public AskedRows Read(ParseResult parse)
    {
        var asked = new AskedRows(parse.GetValue(Texts) ?? [], parse.GetValue(Files) ?? []);
        return asked.Texts.Count == 0 || asked.Inputs.Count == 0 ? asked
            : throw new UsageException($"give texts by {Texts.Name}, or files, not both.");
    }

    /// <summary>Puts a text in the place of rows where none are named and someone is at the terminal, whose input is not asked
    /// for.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="usual">The text; null where there is none.</param>
    /// <param name="command">The command.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public AskedRows OrUsual(AskedRows asked, string? usual, Command command) => asked with
    {
        Texts = [usual ?? throw new UsageException($"{Files.Name} is missing: name a file or folder of rows, - for the standard input, or "
            + $"a text by {Texts.Name}. See 'rnnlm {command.Name} --help'.")],
    };

    /// <summary>Finds the files that are read.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    public IReadOnlyList<RowFile> Find(AskedRows asked, RowOptions options, CommandContext context) =>
        RowSource.Find(asked.Sources, options, context, Texts.Name);

    /// <summary>Refuses a standard input or a pipe that is named twice.</summary>
    /// <param name="sources">The files of rows.</param>
    /// <param name="areNamed">Whether they were named, or are the standard input because none were.</param>
    /// <param name="others">The other files that are read, and the options that name them.</param>
    /// <exception cref="UsageException">One is.</exception>
    public void RefuseTwice(IEnumerable<string> sources, bool areNamed, IEnumerable<(string Option, string Path)> others) =>
        InputFile.RefuseTwice(
        [
            .. others.Select(other => ((OptionMessage)other.Option, other.Path)),
            .. sources.Select(source => ((OptionMessage)(areNamed ? Files.Name
                : $"{Files.Name}, which is the standard input where no file is named,"), source)),
        ]);
}
