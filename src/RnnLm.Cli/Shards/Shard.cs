using System.Globalization;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Shards;

/// <summary>One of several shares of the rows, which processes may work on side by side.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Count">The number of shares.</param>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>The option that names the share.</summary>
    public const string Option = "--shard";

    /// <summary>The option that says how many shares there are.</summary>
    public const string CountOption = "--shards";

    /// <summary>The value of the option by which the share is found in the environment.</summary>
    public const string Auto = "auto";

    /// <summary>The most shares that there may be.</summary>
    public const int Most = 99_999;

    private const string CountVariable = "RNNLM_SHARDS";

    /// <summary>Gets how the name of the share's files begins.</summary>
    public string Name => NameOf(Index, Count);

    /// <summary>Returns how the name of a share's files begins.</summary>
    public static string NameOf(int index, int count) => string.Create(CultureInfo.InvariantCulture, $"part-{index:D5}-of-{count:D5}");

    /// <summary>Finds the share that was asked for.</summary>
    /// <param name="given">What was given: <c>I/N</c> or <c>auto</c>; null for no share.</param>
    /// <param name="count">The number of shares, where it was given apart; or null.</param>
    /// <param name="variable">Returns a variable of the environment.</param>
    /// <exception cref="UsageException">It is no share, or the environment names none.</exception>
    public static Shard? Find(string? given, int? count, Func<string, string?> variable)
    {
        if (count is not null && given != Auto)
            throw new UsageException($"{CountOption} is for {Option} {Auto}; otherwise give both in one, such as {Option} 0/{count}.");
        if (given is null)
            return null;
        if (given == Auto)
            return FromEnvironment(count, variable);
        string[] parts = given.Split('/');
        return parts.Length == 2 && Number(parts[0]) is { } index && Number(parts[1]) is { } all && index < all && all <= Most
            ? new(index, all)
            : throw new UsageException($"{Option} must be I/N, a share from 0 to N - 1 and the number of shares from 1 to {Most:N0}, such "
                + $"as 0/8; or {Auto}; but is '{given}'.");
    }

    /// <summary>Returns the rows of the share: as many as in any other, or one more or less.</summary>
    /// <param name="rows">The number of rows.</param>
    public (long First, long End) Of(long rows) =>
        ((long)((Int128)rows * Index / Count), (long)((Int128)rows * (Index + 1) / Count));

    private static Shard FromEnvironment(int? count, Func<string, string?> variable)
    {
        const string Task = "SLURM_ARRAY_TASK_ID", First = "SLURM_ARRAY_TASK_MIN", Step = "SLURM_ARRAY_TASK_STEP",
            Tasks = "SLURM_ARRAY_TASK_COUNT", Completion = "JOB_COMPLETION_INDEX";
        if (variable(Task) is not null)
        {
            int step = Math.Max(1, variable(Step) is null ? 1 : Read(Step));
            int all = count ?? Read(Tasks), from = variable(First) is null ? 0 : Read(First), offset = Read(Task) - from;
            return Check(offset % step == 0 ? offset / step : -1, all,
                $"the tasks of the array have gaps, or are not all of them: submit them as --array=0-{all - 1}, or name the share as I/N");
        }

        if (variable(Completion) is null)
        {
            throw new UsageException($"{Option} {Auto} finds the share by {Task} or {Completion}, and neither is set. Name it as I/N, such "
                + $"as {Option} 0/8.");
        }

        int shares = count ?? (variable(CountVariable) is not null ? Read(CountVariable) : throw new UsageException(
            $"{Completion} gives the share, but not the number of shares: say {CountOption} N, the completions of the job, or set "
            + $"{CountVariable}."));
        return Check(Read(Completion), shares, $"{CountOption} must be the number of completions of the job");

        int Read(string name) => Number(variable(name)) ?? throw new UsageException(
            $"the variable {name} must be a whole number of at least 0, but is '{variable(name)}'.");

        static Shard Check(int index, int count, string advice) => index >= 0 && index < count && count is >= 1 and <= Most
            ? new(index, count) : throw new UsageException($"{Option} {Auto}: there is no share {index} of {count}: {advice}.");
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
