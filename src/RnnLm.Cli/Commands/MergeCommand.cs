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
        Description = "file to write, of the results of all parts; - for the standard output",
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
        string? path = OutputFile.OrStandardOutput(parse.GetValue(_output)), errorPath = parse.GetValue(_errors);
        OutputFormat format = ResultLayout.FormatOf(parts.Ending);
        bool isMatrix = MatrixHeader.LengthOf(format) > 0;
        if (ResultLayout.FormatOf(path) is var asked && asked != OutputFormat.Auto && asked != format)
            throw new UsageException($"the parts are '*{parts.Ending}', so '{path}' would have the wrong ending. Name a file "
                + $"'*{parts.Ending}' by --output.");
        if (path is null && isMatrix)
            throw new UsageException($"the parts are '*{parts.Ending}', which goes into a file. Name one by --output.");
        if (errorPath is not null)
            ResultEnding.CheckErrors(errorPath);
        OutputFile.RefuseSame([(_output.Name, path), (_errors.Name, errorPath)]);
        using OutputFile? output = Reserve(path, _output.Name), errors = Reserve(errorPath, _errors.Name);
        if (output is null)
            Write(new TextStream(context.Output));
        else
            output.Write(Write);
        errors?.Write(parts.WriteErrors);
        context.Conclude($"{Counted.Of(parts.Records, "result")} of "
            + $"{Counted.Of(parts.Count, "part")}{(path is null ? "" : $" in {path}")}.");
        if (parts.Skipped > 0)
            context.Warn($"{Counted.Of(parts.Skipped, "row")} {(parts.Skipped == 1 ? "was" : "were")} left out."
                + $"{(errors is null ? " --errors FILE joins what is wrong with them." : "")}");
        if (parts.Missing > 0)
            context.Warn($"{Counted.Of(parts.Missing, "row")} {(parts.Missing == 1 ? "is" : "are")} missing: no text could be kept.");
        return ExitCode.Success;

        OutputFile? Reserve(string? file, string option) =>
            file is null ? null : OutputFile.Reserve(file, parts.Files, parse.GetValue(_force), context, option);

        void Write(Stream stream) => parts.Write(stream,
            isMatrix ? (rows, length) => MatrixHeader.Make(format, EmbedTask.Column, rows, length) : null, context.Stop);
    }
}
