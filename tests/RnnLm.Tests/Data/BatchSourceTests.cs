using RnnLm.Data;
using RnnLm.Text;

namespace RnnLm.Tests.Data;

public class BatchSourceTests
{
    private const string Text = "It was the best of times, it was the worst of times, it was the age of wisdom";

    [Fact]
    public void SequentialLanesGoOnWhereTheBatchBeforeEnded()
    {
        Corpus corpus = Stream(Text);
        BatchSource source = Source(corpus, new LanguageModelDataOptions { BatchSize = 3, SequenceLength = 7 });

        var lanes = new[] { "", "", "" };
        var predicted = new[] { "", "", "" };
        for (long step = 0; step < source.BatchesPerEpoch; step++)
        {
            Minibatch batch = source.Get(step);
            Assert.Equal(step > 0, batch.CarryState);
            for (int lane = 0; lane < 3; lane++)
            {
                lanes[lane] += Lane(corpus, batch.Inputs, batch, lane);
                predicted[lane] += Lane(corpus, batch.Targets, batch, lane);
            }
        }

        int laneLength = (Text.Length - 1) / 3;
        Assert.Equal(Enumerable.Range(0, 3).Select(i => Text.Substring(i * laneLength, laneLength)), lanes);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => Text.Substring((i * laneLength) + 1, laneLength)), predicted);
        Assert.Equal(3 * laneLength, source.TargetsPerEpoch);
    }

    [Theory]
    [InlineData(HiddenStateMode.Carry, false, true, true)]
    [InlineData(HiddenStateMode.ZeroEachEpoch, false, true, false)]
    [InlineData(HiddenStateMode.ZeroEachBatch, false, false, false)]
    public void TheHiddenStateStartsAnewWhenTheModeSays(HiddenStateMode mode, bool first, bool second, bool nextEpoch)
    {
        BatchSource source = Source(Stream(Text), new LanguageModelDataOptions { BatchSize = 2, SequenceLength = 10, HiddenState = mode });

        Assert.Equal(first, source.Get(0).CarryState);
        Assert.Equal(second, source.Get(1).CarryState);
        Assert.Equal(nextEpoch, source.Get(source.BatchesPerEpoch).CarryState);
    }

    [Fact]
    public void ATextShorterThanAWindowIsOneShorterWindow()
    {
        Minibatch batch = Source(Stream("abcd"), new LanguageModelDataOptions { BatchSize = 32, SequenceLength = 64 }).Get(0);

        Assert.Equal((3, 1), (batch.Length, batch.BatchSize));
    }

    [Fact]
    public void RandomWindowsReadEveryOffsetOnceAnEpochInAnotherOrderEach()
    {
        Corpus corpus = Stream(Text);
        BatchSource source = Source(
            corpus,
            new LanguageModelDataOptions { BatchSize = 8, SequenceLength = 10, WindowOrder = WindowOrder.Random, WindowStride = 1 });

        string[] Epoch(int epoch) => [.. Enumerable.Range(0, (int)source.BatchesPerEpoch)
            .Select(i => source.Get((epoch * source.BatchesPerEpoch) + i))
            .SelectMany(b => Enumerable.Range(0, b.BatchSize).Select(lane => Lane(corpus, b.Inputs, b, lane)))];
        string[] expected = [.. Enumerable.Range(0, Text.Length - 10).Select(i => Text.Substring(i, 10))];

        Assert.Equal(expected.Order(StringComparer.Ordinal), Epoch(0).Order(StringComparer.Ordinal));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Epoch(1).Order(StringComparer.Ordinal));
        Assert.NotEqual(Epoch(0), Epoch(1));
        Assert.Equal(Epoch(1), Epoch(1));
    }

    [Fact]
    public void RowsAreFramedPackedLongestFirstAndPaddedWithIgnoredTargets()
    {
        Corpus corpus = Rows(DataMode.Rows, ("Ng", null), ("Papadopoulos", null), ("Smith", null));
        Minibatch batch = Source(corpus, new LanguageModelDataOptions { Mode = DataMode.Rows, BatchSize = 3 }).Get(0);
        CharVocabulary vocabulary = corpus.Vocabulary;

        Assert.Equal([13, 6, 3], batch.Lengths!);
        Assert.All(Enumerable.Range(0, 3), b => Assert.Equal(vocabulary.StartId, batch.Inputs[b]));
        Assert.Equal("Ng", vocabulary.Decode([batch.Targets[2], batch.Targets[5]]));
        Assert.Equal(vocabulary.EndId, batch.Targets[8]);
        Assert.All(Enumerable.Range(3, 10), t => Assert.Equal(Minibatch.Ignore, batch.Targets[(t * 3) + 2]));
        Assert.Equal(13 + 6 + 3, batch.CountTargets());
    }

    [Fact]
    public void OfPairsOnlyTheFramedTargetIsPredicted()
    {
        Corpus corpus = Rows(DataMode.Pairs, ("1+1=?", "2"));
        Minibatch batch = Source(corpus, new LanguageModelDataOptions { Mode = DataMode.Pairs, BatchSize = 4 }).Get(0);
        CharVocabulary vocabulary = corpus.Vocabulary;

        Assert.Equal("1+1=?", vocabulary.Decode(batch.Inputs.AsSpan(0, 5)));
        Assert.Equal(vocabulary.StartId, batch.Inputs[5]);
        Assert.Equal([-1, -1, -1, -1, -1, vocabulary.Encode("2")[0], vocabulary.EndId!.Value], batch.Targets);
        Assert.Equal(2, batch.CountTargets());
    }

    [Fact]
    public void EveryRowComesOnceAnEpochWithRowsOfNearLengthsTogether()
    {
        var rows = Enumerable.Range(1, 300).Select(i => (new string((char)('a' + (i % 26)), 1 + (i * 37 % 50)), (string?)null)).ToArray();
        Corpus corpus = Rows(DataMode.Rows, rows);
        BatchSource source = Source(corpus, new LanguageModelDataOptions { Mode = DataMode.Rows, BatchSize = 16 });

        long padded = 0, counted = 0;
        for (long i = 0; i < source.BatchesPerEpoch; i++)
        {
            Minibatch batch = source.Get(i);
            padded += (long)batch.Length * batch.BatchSize;
            counted += batch.CountTargets();
        }

        Assert.Equal(rows.Sum(r => r.Item1.Length + 1), counted);
        Assert.Equal(counted, source.TargetsPerEpoch);
        Assert.InRange((double)padded / counted, 1, 1.2);
    }

    [Fact]
    public void ValidationTakesTheEndOfATextOrRandomRows()
    {
        Corpus stream = Stream(Text), rows = Rows(DataMode.Rows, [.. Enumerable.Range(0, 100).Select(i => ($"row {i}", (string?)null))]);

        (CorpusPart training, CorpusPart? validation) = CorpusPart.Split(stream, 0.25, 1);
        Assert.Equal((0, training.Count, Text.Length), (training.Start, validation!.Start, training.Count + validation.Count));

        (training, validation) = CorpusPart.Split(rows, 0.2, 1);
        Assert.Equal(20, validation!.Rows.Length);
        Assert.Equal(Enumerable.Range(0, 100), training.Rows.Concat(validation.Rows).Order());
        Assert.NotEqual(Enumerable.Range(80, 20), validation.Rows);
        Assert.Null(CorpusPart.Split(rows, 0, 1).Validation);
    }

    [Fact]
    public void AFractionThatLeavesNothingIsAnErrorThatSaysSo()
    {
        TextDataException fault =
            Assert.Throws<TextDataException>(() => CorpusPart.Split(Rows(DataMode.Rows, ("ab", null), ("cd", null)), 0.1, 1));

        Assert.Contains("leaves 0 for validation and 2 for training", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsNeedAVocabularyWithStartAndEnd()
    {
        Corpus corpus = new()
        {
            Vocabulary = new CharVocabulary("ab".EnumerateRunes().ToArray()), Tokens = Stream("abab").Tokens, RowStarts = [0L, 4L],
        };

        TextDataException fault = Assert.Throws<TextDataException>(
            () => Source(corpus, new LanguageModelDataOptions { Mode = DataMode.Rows }));

        Assert.Contains("no start and end tokens", fault.Message, StringComparison.Ordinal);
    }

    private static BatchSource Source(Corpus corpus, LanguageModelDataOptions options) =>
        BatchSource.Create(corpus, CorpusPart.Whole(corpus), options, seed: 7, shuffle: true);

    private static Corpus Stream(string text) => Build(new LanguageModelDataOptions(), (text, null));

    private static Corpus Rows(DataMode mode, params (string Text, string? Target)[] rows) =>
        Build(new LanguageModelDataOptions { Mode = mode }, rows);

    private static Corpus Build(LanguageModelDataOptions options, params (string Text, string? Target)[] rows)
    {
        var builder = new CorpusBuilder(options, new VocabularyOptions());
        foreach ((string text, string? target) in rows)
            builder.Add(target is null ? TextRow.Row(text) : TextRow.Pair(text, target));
        return builder.Build(null);
    }

    private static string Lane(Corpus corpus, int[] ids, Minibatch batch, int lane) =>
        corpus.Vocabulary.Decode([.. Enumerable.Range(0, batch.Length).Select(t => ids[(t * batch.BatchSize) + lane])]);
}
