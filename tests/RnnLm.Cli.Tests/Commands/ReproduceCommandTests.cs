namespace RnnLm.Cli.Tests.Commands;

public class ReproduceCommandTests
{
    [Fact]
    public void AnExperimentThatIsNoneIsAMistakeThatNamesThoseThereAre()
    {
        CliRun run = CliRun.Of("reproduce", "d2l");

        Assert.Equal(2, run.Code);
        Assert.Contains("shakespeare-3min", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void HelpListsTheExperiments()
    {
        CliRun run = CliRun.Of("reproduce", "--help");

        Assert.All(new[] { "d2l-rnn", "min-char-rnn", "surnames", "arithmetic", "names18" }, name => Assert.Contains(name, run.Output, StringComparison.Ordinal));
    }
}
