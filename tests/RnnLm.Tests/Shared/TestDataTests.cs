namespace RnnLm.Tests;

public sealed class TestDataTests
{
    [Fact]
    public void Root_is_the_folder_of_the_solution() =>
        Assert.True(File.Exists(TestData.InRepository("tests", "RnnLm.Tests", "RnnLm.Tests.csproj")));

    [Fact]
    public void A_corpus_that_is_not_there_skips_the_test_and_says_how_to_supply_it()
    {
        var skipped = Assert.Throws<SkipException>(() => TestData.Require("no-such-corpus.txt"));
        Assert.Contains("no-such-corpus.txt", skipped.Message, StringComparison.Ordinal);
        Assert.Contains("RNNLM_DATA", skipped.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_corpus_that_is_there_is_read() => Assert.Contains("Time Traveller", TestData.ReadText("timemachine.txt"), StringComparison.Ordinal);
}
