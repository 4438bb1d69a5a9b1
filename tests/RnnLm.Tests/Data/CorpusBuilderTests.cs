using RnnLm.Data;

namespace RnnLm.Tests.Data;

public class CorpusBuilderTests
{
    [Fact]
    public void StreamJoinsRowsWithTheSeparatorAndKeepsEmptyLines()
    {
        Corpus corpus = Build(new LanguageModelDataOptions(), new VocabularyOptions(), "to be", "", "or not");

        Assert.Equal("to be\n\nor not", Text(corpus, 0, corpus.Tokens.Count));
        Assert.Equal(0, corpus.Rows);
    }

    [Fact]
    public void RowsKeepTheirBoundsAndLeaveEmptyOnesOut()
    {
        var log = new List<LogMessage>();
        Corpus corpus = Build(
            new LanguageModelDataOptions { Mode = DataMode.Rows }, new VocabularyOptions(), log, "Adams", "", "", "Baker");

        Assert.Equal(2, corpus.Rows);
        Assert.Equal("Baker", Text(corpus, corpus.RowStarts[1], corpus.RowLength(1)));
        Assert.NotNull(corpus.Vocabulary.StartId);
        Assert.Contains(log, m => m.Severity == LogSeverity.Warning
            && m.Text.StartsWith("Left out of the training data: 2 empty rows.", StringComparison.Ordinal));
    }

    [Fact]
    public void PairsRememberWhereTheTargetBegins()
    {
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = DataMode.Pairs }, new VocabularyOptions());
        builder.Add(TextRow.Pair("1+1=?", "2"));
        builder.Add(TextRow.Pair("10+5=?", "15"));
        Corpus corpus = builder.Build(null);

        Assert.Equal([5, 6], corpus.InputLengths);
        Assert.Equal("10+5=?15", Text(corpus, corpus.RowStarts[1], corpus.RowLength(1)));
        TextDataException fault = Assert.Throws<TextDataException>(() => builder.Add("2+2=?"));
        Assert.StartsWith("Row 3: there is no target text, but Data.Mode is Pairs.", fault.Message, StringComparison.Ordinal);
        Assert.Equal((null, 3), (fault.SourceName, fault.Line));
    }

    [Fact]
    public void PairsWithAnEmptyTargetAreCounted()
    {
        var log = new List<LogMessage>();
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = DataMode.Pairs }, new VocabularyOptions());
        builder.Add(TextRow.Pair("ab", "c"));
        builder.Add(TextRow.Pair("cd", ""));

        Assert.Equal(2, builder.Build(new Collector(log)).Rows);
        Assert.StartsWith("Empty targets in 1 row of the training data", Assert.Single(log).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void RareCharactersAreUnknownAndTheMostFrequentAreKeptUnderACap()
    {
        var log = new List<LogMessage>();
        Corpus rare = Build(new LanguageModelDataOptions(), new VocabularyOptions { MinCount = 2 }, log, "aabbc");
        Corpus capped = Build(
            new LanguageModelDataOptions(),
            new VocabularyOptions { MaxSize = 2, UnknownCharacters = UnknownCharacterPolicy.Skip },
            "aaabbc");

        Assert.Equal("aabb\uFFFD", Text(rare, 0, 5));
        Assert.Contains(log, m => m.Text.StartsWith("Read as the unknown token: 1 character (20 %) of", StringComparison.Ordinal));
        Assert.Equal("aaabb", Text(capped, 0, capped.Tokens.Count));
    }

    [Fact]
    public void SkippedCharactersMoveTheBoundsOfRowsAndPairs()
    {
        var builder = new CorpusBuilder(
            new LanguageModelDataOptions { Mode = DataMode.Pairs },
            new VocabularyOptions { Characters = "0123456789+=?", UnknownCharacters = UnknownCharacterPolicy.Skip });
        builder.Add(TextRow.Pair("x1x+1=?", "y2"));
        builder.Add(TextRow.Pair("3+1=?", "4"));
        Corpus corpus = builder.Build(null);

        Assert.Equal([5, 5], corpus.InputLengths);
        Assert.Equal("1+1=?2", Text(corpus, 0, corpus.RowLength(0)));
        Assert.Equal("3+1=?4", Text(corpus, corpus.RowStarts[1], corpus.RowLength(1)));
    }

    [Theory]
    [InlineData(DataMode.Stream, 1.2)]
    [InlineData(DataMode.Rows, 1.8)]
    public void ReadingTakesLittleMoreThanTheCorpus(DataMode mode, double bytesPerCharacter)
    {
        const int Rows = 40_000;
        string line = string.Concat(Enumerable.Repeat("a line of text ", 7))[..100];
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = mode }, new VocabularyOptions());
        // What this thread allocates is an upper bound of what is held; other tests run beside.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int row = 0; row < Rows; row++)
            builder.Add(line);
        Corpus corpus = builder.Build(null);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Rows * 100 + (mode == DataMode.Stream ? Rows - 1 : 0), corpus.Tokens.Count);
        Assert.InRange(bytes, 1.0 * corpus.Tokens.Count, bytesPerCharacter * corpus.Tokens.Count);
    }

    [Fact]
    public void RowsAreCutAtTheirLimitBetweenCharacters()
    {
        Corpus corpus = Build(
            new LanguageModelDataOptions { Mode = DataMode.Rows, MaxRowLength = 2 }, new VocabularyOptions(), "a😀b", "xy");

        Assert.Equal("a😀", Text(corpus, 0, corpus.RowLength(0)));
        Assert.Equal("xy", Text(corpus, corpus.RowStarts[1], corpus.RowLength(1)));
    }

    [Fact]
    public void ConditionsGetIdsInTheOrderOfTheirComing()
    {
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = DataMode.Rows }, new VocabularyOptions());
        foreach ((string name, string country) in new[] { ("Abl", "Czech"), ("Bach", "German"), ("Cech", "Czech") })
            builder.Add(TextRow.Row(name, country));
        Corpus corpus = builder.Build(null);

        Assert.Equal(["Czech", "German"], corpus.ConditionNames);
        Assert.Equal([0, 1, 0], corpus.Conditions);
    }

    [Theory]
    [InlineData(DataMode.Rows, "Row 2: there is a pair of an input and a target")]
    [InlineData(DataMode.Stream, "Row 2: there is a pair of an input and a target")]
    [InlineData(DataMode.Pairs, "Row 2: there is no target text, but Data.Mode is Pairs.")]
    public void ARowThatIsNotOfTheModeIsRefused(DataMode mode, string fault)
    {
        TextRow pair = TextRow.Pair("a", "b"), row = TextRow.Row("a");
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = mode }, new VocabularyOptions());
        builder.Add(mode == DataMode.Pairs ? pair : row);

        TextDataException thrown = Assert.Throws<TextDataException>(() => builder.Add(mode == DataMode.Pairs ? row : pair));

        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunningTextRefusesConditions()
    {
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = DataMode.Stream }, new VocabularyOptions());

        Assert.Contains("a running text has none", Assert.Throws<TextDataException>(() => builder.Add(TextRow.Row("a", "b"))).Message,
            StringComparison.Ordinal);
    }

    public static TheoryData<string[], string> TooLittle => new()
    {
        { [], "not one row was read" },
        { ["", ""], "every row is empty" },
        { ["aaaa"], "one distinct character, 'a'" },
    };

    [Theory]
    [MemberData(nameof(TooLittle))]
    public void TooLittleTextIsAnErrorThatSaysWhatWasFound(string[] rows, string expected)
    {
        TextDataException fault = Assert.Throws<TextDataException>(
            () => Build(new LanguageModelDataOptions(), new VocabularyOptions(), rows));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AVocabularyThatThrowsNamesTheCharacter()
    {
        var options = new VocabularyOptions { Characters = "ab", UnknownCharacters = UnknownCharacterPolicy.Throw };

        TextDataException fault = Assert.Throws<TextDataException>(() => Build(new LanguageModelDataOptions(), options, "abz"));

        Assert.Contains("'z' (U+007A)", fault.Message, StringComparison.Ordinal);
    }

    private static Corpus Build(LanguageModelDataOptions data, VocabularyOptions vocabulary, params string[] rows) =>
        Build(data, vocabulary, [], rows);

    private static Corpus Build(LanguageModelDataOptions data, VocabularyOptions vocabulary, List<LogMessage> log, params string[] rows)
    {
        var builder = new CorpusBuilder(data, vocabulary);
        foreach (string row in rows)
            builder.Add(row);
        return builder.Build(new Collector(log));
    }

    private static string Text(Corpus corpus, long start, long count)
    {
        int[] ids = new int[count];
        corpus.Tokens.Read(start, ids);
        return corpus.Vocabulary.Decode(ids);
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
