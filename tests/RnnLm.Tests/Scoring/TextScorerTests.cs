using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Scoring;
using RnnLm.Tests.Generation;
using RnnLm.Text;

namespace RnnLm.Tests.Scoring;

public class TextScorerTests
{
    private static readonly string[] Names = ["anna", "anton", "berta", "bert", "carla"];

    private static readonly CharVocabulary Vocabulary =
        new(Names.SelectMany(name => name.EnumerateRunes()), UnknownCharacterPolicy.Token, startAndEnd: true);

    private static readonly TextFraming Framing = new(Vocabulary, DataMode.Rows);

    private static readonly CharVocabulary Letters = new("abc".EnumerateRunes(), UnknownCharacterPolicy.Skip);

    // a → b 1/2, c 1/4, a 1/4; b → always c; c → uniform.
    private static readonly ContextModel Chain = new(3, 1, context => context[0] switch
    {
        0 => [MathF.Log(0.25f), MathF.Log(0.5f), MathF.Log(0.25f)],
        1 => [-100, -100, 0],
        _ => [0, 0, 0],
    });

    [Fact]
    public void ARunningTextIsCountedFromItsSecondCharacter()
    {
        TextScore score = Score(Chain, new TextFraming(Letters, DataMode.Stream), "abca");

        Assert.Equal(Math.Log(0.5 * 1 / 3), score.LogProbability, 5);
        Assert.Equal((3, 3), (score.Count, score.LeastLikelyPosition));
        Assert.Equal(Math.Log(6) / 3, score.NatsPerCharacter, 5);
        Assert.Equal(Math.Log2(6) / 3, score.BitsPerCharacter, 5);
        Assert.Equal(Math.Cbrt(6), score.Perplexity, 4);
        Assert.Equal([Math.Log(0.5), 0, Math.Log(1 / 3.0)], score.CharacterLogProbabilities.Select(p => Math.Round((double)p, 5)),
            (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void AContextMakesTheFirstCharacterCount()
    {
        TextScore score = new TextScorer(Chain, new TextFraming(Letters, DataMode.Stream),
            1).Score(new ScoreRequest("bc".AsMemory(), "ca".AsMemory()));

        Assert.Equal((Math.Log(0.5), 2, 0), (Math.Round(score.LogProbability, 5), score.Count, score.LeastLikelyPosition),
            (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-4 && a.Item2 == b.Item2 && a.Item3 == b.Item3);
        Assert.Empty(score.CharacterLogProbabilities);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("???")]
    public void WhereNothingCountsThereIsNoMean(string text)
    {
        TextScore score = Score(Chain, new TextFraming(Letters, DataMode.Stream), text);

        Assert.Equal((0.0, 0, -1), (score.LogProbability, score.Count, score.LeastLikelyPosition));
        Assert.True(double.IsNaN(score.NatsPerCharacter) && double.IsNaN(score.Perplexity));
    }

    [Fact]
    public void ARowIsCountedWithItsEnd()
    {
        ContextModel model = ContextModel.Train(Vocabulary, 2, "anna");
        double likely = Math.Log(1.05 / (1 + (0.05 * Vocabulary.Size)));
        double unlikely = Math.Log(0.05 / (1 + (0.05 * Vocabulary.Size)));

        TextScore score = Score(model, Framing, "anna");
        Assert.Equal(5 * likely, score.LogProbability, 4);
        Assert.Equal(5, score.Count);
        TextScore cut = Score(model, Framing, "ann");
        Assert.Equal((4, 3), (cut.Count, cut.LeastLikelyPosition));
        Assert.Equal((3 * likely) + unlikely, cut.LogProbability, 4);
        Assert.Equal((1, 0), (Score(model, Framing, "").Count, Score(model, Framing, "").LeastLikelyPosition));
    }

    [Fact]
    public void OfAPairTheTargetAloneCounts()
    {
        var read = new List<int>();
        var model = new ContextModel(Vocabulary.Size, 1, context =>
        {
            read.Add(context[0]);
            return new float[Vocabulary.Size];
        });

        TextScore score = new TextScorer(model, new TextFraming(Vocabulary, DataMode.Pairs),
            1).Score(new ScoreRequest("be".AsMemory(), "ann".AsMemory()));

        Assert.Equal(3, score.Count);
        Assert.Equal(-3 * Math.Log(Vocabulary.Size), score.LogProbability, 4);
        Assert.Equal([Vocabulary.StartId!.Value, .. Vocabulary.Encode("be")], read);
    }

    [Fact]
    public void TheScoreOfAWrittenTextIsItsLogProbability()
    {
        ContextModel model = ContextModel.Train(Vocabulary, 2, Names);
        var options = new SamplingOptions { Seed = 4, NumSamples = 50, MaxLength = 1000, Temperature = 1.3, TopP = 0.95 };
        foreach (GeneratedText text in new TextGenerator(model, Framing, options, 16).Generate(new GenerationRequest(default)).Samples)
        {
            Assert.Equal(FinishReason.EndToken, text.FinishReason);
            Assert.Equal(Score(model, Framing, text.Text).LogProbability, text.LogProbability, 6);
        }
    }

    [Fact]
    public void UnknownCharactersAreCountedAndPositionsAreThoseOfTheString()
    {
        var vocabulary = new CharVocabulary("a😀".EnumerateRunes(), UnknownCharacterPolicy.Skip);
        var model = new ContextModel(2, 1, context => context[0] == 1 ? [0, -3] : [-1, 0]);

        TextScore score = Score(model, new TextFraming(vocabulary, DataMode.Stream), "😀!😀a😀");

        Assert.Equal((3, 1, 3), (score.Count, score.UnknownCharacters, score.LeastLikelyPosition));
    }

    [Fact]
    public void TheNumbersAreTheSameWhateverTheBatch()
    {
        ContextModel model = ContextModel.Train(Vocabulary, 2, Names);
        ScoreRequest[] requests = [.. Enumerable.Range(0, 200)
            .Select(i => new ScoreRequest(string.Concat(Names.Take(i % 5).Select(n => n[..(i % 4)])).AsMemory()))];
        string[] Run(int batchSize) => [.. new TextScorer(model, Framing, batchSize).Score(requests)
            .Select(s => $"{BitConverter.DoubleToInt64Bits(s.LogProbability):x} {s.Count} {s.LeastLikelyPosition}")];
        string[] one = Run(1);

        Assert.True(one.Distinct(StringComparer.Ordinal).Count() > 5);
        foreach (int batchSize in new[] { 3, 64, 1000 })
            Assert.Equal(one, Run(batchSize));
        Assert.Equal(0, model.LiveSessions);
    }

    private static TextScore Score(ContextModel model, TextFraming framing, string text) =>
        new TextScorer(model, framing, 4, keepEach: true).Score(new ScoreRequest(text.AsMemory()));
}
