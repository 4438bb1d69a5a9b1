using System.CommandLine;
using RnnLm.Cli.Options;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Shards;

/// <summary>Which share of the rows a command works on, as options.</summary>
internal sealed class ShardOptions : OptionGroup
{
    private readonly Option<string?> _shard = new(Shard.Option)
    {
        Description = "work on a share of the rows, I from 0 to N - 1, and write the results to part files in the folder --output; auto: "
            + "the "
            + "share by SLURM_ARRAY_TASK_ID, or by JOB_COMPLETION_INDEX and --shards",
        HelpName = "I/N|auto",
    };

    private readonly Option<int?> _count =
        Make<int?>(Shard.CountOption, "number of shares, for --shard auto in a Kubernetes job [RNNLM_SHARDS]");

    private readonly Option<bool> _overwrite = new("--overwrite")
    {
        Description = "make the part of the share again if it is there; else it is left as it is",
    };

    public ShardOptions()
        : base("Shards") =>
        Options.AddRange([_shard, _count, _overwrite]);

    /// <summary>Gets whether a share is asked for.</summary>
    public bool IsAsked(ParseResult parse) => parse.GetValue(_shard) is not null;

    /// <summary>Gets whether a part that is there is made anew.</summary>
    public bool Overwrites(ParseResult parse) => parse.GetValue(_overwrite);

    /// <summary>Finds the share; null where all rows are meant.</summary>
    /// <exception cref="UsageException">There is no such share.</exception>
    public Shard? Find(ParseResult parse, CommandContext context)
    {
        Shard? shard = Shard.Find(parse.GetValue(_shard), parse.GetValue(_count), context.Variable);
        return shard is null && parse.GetValue(_overwrite) ? throw new UsageException("--overwrite is for the parts of --shard.") : shard;
    }
}
