using System.CommandLine;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Tasks;
using RnnLm.Cli.Terminal;
using RnnLm.Diagnostics;

namespace RnnLm.Cli.Commands;

/// <summary>Joins the parts of a result.</summary>
internal sealed class MergeCommand : CliCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "folder with the parts that --shard wrote" };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "file to write, of the results of all parts",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _errors = new("--errors")
    {
        Description = "file for the rows that --on-error skip left out",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace the files of --output and --errors" };

    public MergeCommand()
        : base("merge", "joins the parts that --shard wrote, in order: the file is that of one process, byte for byte. All parts must be "
            + "there, whole, and of the same rows, model and options.")
    {
        Examples = ["rnnlm merge parts -o scored.jsonl", "rnnlm merge parts -o embedded.npy --errors bad.jsonl --force"];
        Add(_folder);
        foreach (Option option in (Option[])[_output, _errors, _force])
            Add(option);
    }

    public override int Run(ParseResult parse, CommandContext context)
    {
        var parts = new PartMerge(parse.GetValue(_folder)!);
        string path = parse.GetValue(_output)!;
        OutputFormat format = ResultLayout.FormatOf(parts.Ending);
        if (ResultLayout.FormatOf(path) is var asked && asked != OutputFormat.Auto && asked != format)
            throw new UsageException($"the parts are '*{parts.Ending}', so '{path}' would have the wrong ending. Name a file "
                + $"'*{parts.Ending}' by --output.");
        bool force = parse.GetValue(_force);
        OutputFile.RefuseSame([(_output.Name, path), (_errors.Name, parse.GetValue(_errors))]);
        using OutputFile output = OutputFile.Reserve(path, parts.Files, force, context);
        using OutputFile? errors = parse.GetValue(_errors) is { } file
            ? OutputFile.Reserve(file, parts.Files, force, context, _errors.Name) : null;
        bool isMatrix = MatrixHeader.LengthOf(format) > 0;
        output.Write(stream => parts.Write(stream,
            isMatrix ? (rows, length) => MatrixHeader.Make(format, EmbedTask.Column, rows, length) : null, context.Stop));
        errors?.Write(parts.WriteErrors);
        context.Say($"{Counted.Of(parts.Records, "result")} of {Counted.Of(parts.Count, "part")} in {path}.");
        if (parts.Skipped > 0)
            context.Warn($"{Counted.Of(parts.Skipped, "row")} {(parts.Skipped == 1 ? "was" : "were")} left out."
                + $"{(errors is null ? " --errors FILE joins what is wrong with them." : "")}");
        if (parts.Missing > 0)
            context.Warn($"{Counted.Of(parts.Missing, "row")} {(parts.Missing == 1 ? "is" : "are")} missing: no text could be kept.");
        return ExitCode.Success;
    }
}
