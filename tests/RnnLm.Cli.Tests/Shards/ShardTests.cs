using RnnLm.Cli.Shards;
using RnnLm.Cli.Terminal;

namespace RnnLm.Cli.Tests.Shards;

public sealed class ShardTests
{
    [Fact]
    public void SharesCoverAllRowsOnceAndAreAlike()
    {
        foreach ((long rows, int count) in ((long, int)[])[(10, 3), (0, 4), (3, 8), (1_000_000_007, 16), (long.MaxValue, Shard.Most)])
        {
            (long First, long End)[] shares = [.. Enumerable.Range(0, count).Select(index => new Shard(index, count).Of(rows))];
            Assert.Equal((0, rows), (shares[0].First, shares[^1].End));
            Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.First));
            Assert.InRange(shares.Max(share => share.End - share.First) - shares.Min(share => share.End - share.First), 0, 1);
        }
    }

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("3/16", 3, 16)]
    [InlineData("99998/99999", 99_998, 99_999)]
    public void AShareIsNamed(string given, int index, int count)
    {
        var shard = Shard.Find(given, null, _ => null);
        Assert.Equal(new Shard(index, count), shard);
        Assert.Equal($"part-{index:D5}-of-{count:D5}", shard!.Value.Name);
    }

    [Theory]
    [InlineData("0/0")]
    [InlineData("5/4")]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("1/100000")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    [InlineData("1 /2")]
    [InlineData("")]
    [InlineData("1/99999999999999999999")]
    public void WhatIsNoShareIsRefused(string given)
    {
        var fault = Assert.Throws<UsageException>(() => Shard.Find(given, null, _ => null));
        Assert.Contains($"such as 0/8; or auto; but is '{given}'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 8, null, "SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_MIN=0", "SLURM_ARRAY_TASK_COUNT=8")]
    [InlineData(2, 8, null, "SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_TASK_MIN=1", "SLURM_ARRAY_TASK_COUNT=8", "SLURM_ARRAY_TASK_STEP=1")]
    [InlineData(2, 4, null, "SLURM_ARRAY_TASK_ID=14", "SLURM_ARRAY_TASK_MIN=10", "SLURM_ARRAY_TASK_COUNT=4", "SLURM_ARRAY_TASK_STEP=2")]
    [InlineData(5, 8, null, "JOB_COMPLETION_INDEX=5", "RNNLM_SHARDS=8")]
    [InlineData(5, 6, 6, "JOB_COMPLETION_INDEX=5", "RNNLM_SHARDS=8")]
    // Slurm inside of Kubernetes divides.
    [InlineData(1, 2, null, "SLURM_ARRAY_TASK_ID=1", "SLURM_ARRAY_TASK_COUNT=2", "JOB_COMPLETION_INDEX=0", "RNNLM_SHARDS=9")]
    public void TheEnvironmentNamesAShare(int index, int count, int? given, params string[] variables) =>
        Assert.Equal(new Shard(index, count), Shard.Find("auto", given, Of(variables)));

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX, and neither is set", null)]
    [InlineData("the variable SLURM_ARRAY_TASK_COUNT must be a whole number of at least 0, but is ''", null, "SLURM_ARRAY_TASK_ID=1")]
    [InlineData("the variable SLURM_ARRAY_TASK_ID must be a whole number of at least 0, but is 'x'", null, "SLURM_ARRAY_TASK_ID=x",
        "SLURM_ARRAY_TASK_COUNT=2")]
    // Tasks 3 and 7 of eight, run again.
    [InlineData("there is no share 4 of 2: the tasks of the array have gaps", null, "SLURM_ARRAY_TASK_ID=7", "SLURM_ARRAY_TASK_MIN=3",
        "SLURM_ARRAY_TASK_COUNT=2")]
    [InlineData("but not the number of shares: say --shards N", null, "JOB_COMPLETION_INDEX=1")]
    [InlineData("there is no share 8 of 8: --shards must be the number of completions", 8, "JOB_COMPLETION_INDEX=8")]
    [InlineData("there is no share 0 of 0", 0, "JOB_COMPLETION_INDEX=0")]
    public void WhereItDoesNotThatIsSaid(string fault, int? given, params string[] variables) => Assert.Contains(fault,
        Assert.Throws<UsageException>(() => Shard.Find("auto", given, Of(variables))).Message, StringComparison.Ordinal);

    [Fact]
    public void ANumberOfSharesAloneIsNoShare() => Assert.Contains("--shards is for --shard auto",
        Assert.Throws<UsageException>(() => Shard.Find(null, 8, _ => null)).Message, StringComparison.Ordinal);

    private static Func<string, string?> Of(string[] variables) =>
        name => variables.Select(variable => variable.Split('=')).FirstOrDefault(parts => parts[0] == name)?[1];
}
