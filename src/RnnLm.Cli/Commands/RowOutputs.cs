using System.CommandLine;
using RnnLm.Cli.Rows;
using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;
using RnnLm.Files;

namespace RnnLm.Cli.Commands;

/// <summary>The options that say where results go: to a file, or as the part of a share into a folder.</summary>
internal sealed class RowOutputs
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "file for the results, or the folder for the parts of --shard; - for the standard output [-]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force", "-f") { Description = "replace files that are there" };

    /// <summary>Gets the options of shares.</summary>
    public ShardOptions Shards { get; } = new();

    /// <summary>Gets the other options.</summary>
    public IReadOnlyList<Option> Options => [_output, _force];

    /// <summary>Gets all options that change no result.</summary>
    public IEnumerable<Option> All => [.. Options, .. Shards.Options];

    /// <summary>Returns the file, or the folder of parts; null for the standard output.</summary>
    public string? PathOf(ParseResult parse) => OutputFile.OrStandardOutput(parse.GetValue(_output));

    /// <summary>Makes sure that no two options name one file to be written, and that no file ends as another format does.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="options">How results are written.</param>
    /// <param name="asking">The option that asks for their format.</param>
    /// <param name="others">The other files that are written, and the options that name them.</param>
    /// <exception cref="UsageException">One does.</exception>
    public void Check(ParseResult parse, RowOptions options, string asking, IEnumerable<(string Option, string Path)> others)
    {
        if (PathOf(parse) is { } path && !Shards.IsAsked(parse))
            ResultEnding.Check(path, options.OutputFormat, _output.Name, asking);
        if (options.Errors is { } errors)
            ResultEnding.CheckErrors(errors);
        OutputFile.RefuseSame([(_output.Name, PathOf(parse)), ("--errors", options.Errors), .. others]);
    }

    /// <summary>Makes sure that a file can be written; null where none is named.</summary>
    /// <exception cref="UsageException">It is there already, or is one of the inputs.</exception>
    public OutputFile? Reserve(string? path, string option, RowCall call) =>
        path is null ? null : OutputFile.Reserve(path, call.Inputs, call.Parse.GetValue(_force), call.Context, option);

    /// <summary>Makes sure that the file of the results can be written; null for the standard output.</summary>
    /// <exception cref="UsageException">It is there already, or is one of the inputs.</exception>
    public OutputFile? Reserve(RowCall call) => Reserve(PathOf(call.Parse), _output.Name, call);

    /// <summary>Returns the share that was asked for; null where all rows are meant.</summary>
    /// <param name="call">What was asked for.</param>
    /// <param name="files">The files of rows.</param>
    /// <param name="asked">The names by which they were given.</param>
    /// <param name="others">The other files that are read, and the options that name them.</param>
    /// <exception cref="UsageException">There is no such share, or something does not go with one.</exception>
    public Shard? FindShard(
        RowCall call, IReadOnlyList<RowFile> files, AskedRows asked, IEnumerable<(string Option, string Path)> others)
    {
        if (Shards.Find(call.Parse, call.Context) is not { } shard)
            return null;
        (string option, string other) = others.FirstOrDefault(
            given => given.Path == InputFile.StandardInput || InputFile.IsReadOnce(given.Path));
        if (option is not null)
            throw new UsageException($"{Shard.Option} needs what each share reads in files, but {option} names '{other}'.");
        if (files.Count == 0 || files.Any(file => file.Length is null))
            throw new UsageException($"{Shard.Option} reads the rows twice, to count them first, so they must be in files: name one.");
        string path = PathOf(call.Parse)
            ?? throw new UsageException($"{Shard.Option} writes a part file: name the folder for it by {_output.Name}.");
        if (asked.Inputs.FirstOrDefault(input => Directory.Exists(input) && IsWithin(path, input)) is { } read)
            throw new UsageException($"'{path}' is in the folder '{read}', of which all files are read: the parts would become rows. Name "
                + $"another folder by {_output.Name}.");
        return call.Options.Errors is null ? shard
            : throw new UsageException($"with {Shard.Option}, the rows that are left out are written beside the part: leave --errors out. "
                + "rnnlm merge --errors joins them.");
    }

    private static bool IsWithin(string path, string folder)
    {
        for (string? at = Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
        {
            if (FileIdentity.AreSame(at, folder))
                return true;
        }

        return false;
    }
}
