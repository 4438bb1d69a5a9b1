using System.Text;
using RnnLm.Data;
using RnnLm.Numerics;

namespace RnnLm.Tests.Data;

public class TrainingTextFilterTests
{
    [Fact]
    public void RowsThatOccurAreFoundAndOthersRarely()
    {
        string[] rows = [.. Enumerable.Range(0, 20_000).Select(i => $"part {i * 7919}-é😀")];
        TrainingTextFilter filter = TrainingTextFilter.FromCorpus(Build(rows, DataMode.Rows));

        Assert.All(rows, row => Assert.True(filter.Contains(row)));
        Assert.True(filter.Contains("919-é😀", "part 7"));
        Assert.False(filter.Contains("7919-é😀"));
        int wrong = Enumerable.Range(0, 100_000).Count(i => filter.Contains($"part {i}x"));
        Assert.Equal((0, 0.001), (filter.WindowLength, filter.FalsePositiveRate));
        Assert.InRange(wrong, 50, 160);   // 100 ± 6 standard deviations
        Assert.InRange(filter.ToBytes().Length, 0, 20_000 * 15 / 8);
    }

    [Fact]
    public void OfARunningTextEachWindowIsKnown()
    {
        var random = new CounterRandom(4, 4, 4);
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(_ => (char)('a' + random.NextInt(26))));
        TrainingTextFilter filter =
            TrainingTextFilter.FromCorpus(Build([text[..30_000], text[30_000..]], DataMode.Stream), windowLength: 10);

        for (int i = 0; i < 1000; i++)
            Assert.True(filter.Contains(text.AsSpan(i * 29, 10 + (i % 60))));
        Assert.True(filter.Contains(text.AsSpan(29_990, 10)));
        Assert.False(filter.Contains(text.AsSpan(29_990, 20)));   // the rows' separator stands between
        Assert.True(filter.Contains(text[29_990..30_000] + "\n" + text[30_000..30_010]));
        Assert.False(filter.Contains(text.AsSpan(100, 9)));   // too short to be told
        Assert.True(filter.Contains(text.AsSpan(109, 3), text.AsSpan(100, 9)));
        Assert.False(filter.Contains("aaa", text.AsSpan(100, 9)));
        int wrong = 0;
        for (int i = 0; i < 20_000; i++)
            wrong += filter.Contains(string.Concat(Enumerable.Range(0, 10).Select(_ => (char)('a' + random.NextInt(26))))) ? 1 : 0;
        Assert.InRange(wrong, 110, 300);   // 200 ± 6 standard deviations
        Assert.False(filter.Contains(string.Concat(text[..40].Reverse())));
    }

    [Fact]
    public void AnEmptyRowIsARow()
    {
        // Characters that the vocabulary does not have are left out, here all of a row.
        var known = new VocabularyOptions { Characters = "ab", UnknownCharacters = UnknownCharacterPolicy.Skip };
        Assert.False(TrainingTextFilter.FromCorpus(Build(["ab", "a"], DataMode.Rows, known)).Contains(""));
        Assert.True(TrainingTextFilter.FromCorpus(Build(["ab", "c"], DataMode.Rows, known)).Contains(""));
    }

    [Fact]
    public void TheBytesComeBackAsTheSameFilter()
    {
        string[] rows = [.. Enumerable.Range(0, 1000).Select(i => $"row {i}")];
        TrainingTextFilter filter = TrainingTextFilter.FromCorpus(Build(rows, DataMode.Rows), falsePositiveRate: 0.02);

        TrainingTextFilter back = TrainingTextFilter.FromBytes(filter.ToBytes());

        Assert.Equal((filter.WindowLength, filter.FalsePositiveRate), (back.WindowLength, back.FalsePositiveRate));
        Assert.Equal(filter.ToBytes(), back.ToBytes());
        for (int i = 0; i < 3000; i++)
            Assert.Equal(filter.Contains($"row {i}"), back.Contains($"row {i}"));
    }

    [Fact]
    public void DamagedBytesAreRefused()
    {
        byte[] bytes = TrainingTextFilter.Create(100, 5, 0.01).ToBytes();
        void Refused(byte[] damaged, string expected) =>
            Assert.Contains(expected, Assert.Throws<FormatException>(() => TrainingTextFilter.FromBytes(damaged)).Message,
            StringComparison.Ordinal);

        Refused([], "does not begin");
        Refused(bytes[..^1], "bytes, but by its header");
        Refused([.. bytes, 0], "bytes, but by its header");
        Refused([.. bytes[..4], 2, .. bytes[5..]], "version 2");
        Refused([.. bytes[..12], 0, 0, 0, 0, .. bytes[16..]], "has 0 hashes");
        Refused([.. bytes[..8], 0, 0, 0, 1, .. bytes[12..]], "windows have 16777216 characters");
        Refused([.. bytes[..24], 255, 255, 255, 127, .. bytes[28..]], "bytes, but by its header");
        Refused([.. Encoding.ASCII.GetBytes("ABCD"), .. bytes[4..]], "does not begin");
    }

    [Fact]
    public void ItIsBounded()
    {
        Assert.Contains("GiB", Assert.Throws<TextDataException>(() => TrainingTextFilter.Create(1L << 40, 0, 0.01)).Message,
            StringComparison.Ordinal);
        Assert.Throws<OptionsException>(() => TrainingTextFilter.Create(10, 0, 1));
        Assert.Throws<OptionsException>(() => TrainingTextFilter.Create(10, -1, 0.5));
    }

    private static Corpus Build(string[] rows, DataMode mode, VocabularyOptions? vocabulary = null)
    {
        var builder = new CorpusBuilder(new LanguageModelDataOptions { Mode = mode }, vocabulary ?? new VocabularyOptions());
        foreach (string row in rows)
            builder.Add(row);
        return builder.Build(null);
    }
}
