namespace RnnLm.Tests;

public sealed class TestDataTests
{
    [Fact]
    public void RootIsTheFolderOfTheSolution() =>
        Assert.True(File.Exists(TestData.InRepository("tests", "RnnLm.Tests", "RnnLm.Tests.csproj")));

    [Fact]
    public void ACorpusThatIsNotThereSkipsTheTestAndSaysHowToSupplyIt()
    {
        var skipped = Assert.Throws<SkipException>(() => TestData.Require("no-such-corpus.txt"));
        Assert.Contains("no-such-corpus.txt", skipped.Message, StringComparison.Ordinal);
        Assert.Contains("RNNLM_DATA", skipped.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ACorpusThatIsThereIsRead() =>
    Assert.Contains("Time Traveller", TestData.ReadText("timemachine.txt"), StringComparison.Ordinal);
}
