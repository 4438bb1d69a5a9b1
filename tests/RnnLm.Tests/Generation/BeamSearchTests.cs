using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

public class BeamSearchTests
{
    // start 0, end 1, a 2, b 3, c 4
    private static readonly CharVocabulary Vocabulary = new("abc".EnumerateRunes(), UnknownCharacterPolicy.Skip, startAndEnd: true);

    private static readonly TextFraming Framing = new(Vocabulary, DataMode.Rows);

    // Greedy goes by way of a (0.5) to 0.5 · 0.4; by way of b it is 0.4 · 0.9.
    [Fact]
    public void ItFindsWhatGreedyMisses()
    {
        ContextModel model = Model(new()
        {
            [""] = [0, 0.1, 0.5, 0.4, 0],
            ["a"] = [0, 0.3, 0.4, 0.3, 0],
            ["b"] = [0, 0.05, 0.05, 0, 0.9],
        });

        Assert.Equal("aa", Write(model, new SamplingOptions { Temperature = 0, MaxLength = 2 })[0].Text);
        GeneratedText best = Write(model, new SamplingOptions { Beams = 2, MaxLength = 2 })[0];
        Assert.Equal(("bc", FinishReason.Length), (best.Text, best.FinishReason));
        Assert.Equal(Math.Log(0.4 * 0.9), best.LogProbability, 5);
    }

    // As likely: "" 0.3; "a" 0.6 · 0.5 = 0.3; as scores: ln 0.3 / 1 = -1.2, ln 0.3 / 2 = -0.6.
    [Theory]
    [InlineData(1, "a")]
    [InlineData(0.2, "a")]
    [InlineData(-1, "")]
    public void TheLengthPenaltyFavoursLongTextsAboveZeroAndShortOnesBelow(double penalty, string expected)
    {
        ContextModel model = Model(new()
        {
            [""] = [0, 0.3, 0.6, 0.1, 0],
            ["a"] = [0, 0.5, 0.1, 0.2, 0.2],
            ["b"] = [0, 0.1, 0.3, 0.3, 0.3],
        });

        Assert.Equal(expected, Write(model, new SamplingOptions { Beams = 3, MaxLength = 4, LengthPenalty = penalty })[0].Text);
    }

    /// <summary>With as many beams as there are texts nothing is pruned: the result is the best of all texts.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.7)]
    public void WithEnoughBeamsItIsExhaustive(double penalty)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new CounterRandom((ulong)seed, 0, 1);
            var table = new Dictionary<string, double[]>(StringComparer.Ordinal);
            foreach (string context in new[] { "", "a", "b", "c" })
            {
                double[] p = [0, random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble()];
                table[context] = [.. p.Select(x => x / p.Sum())];
            }

            var options = new SamplingOptions { Beams = 200, NumSamples = 5, MaxLength = 4, LengthPenalty = penalty };
            IReadOnlyList<GeneratedText> found = Write(Model(table), options);

            var all = AllTexts(table, 4).OrderByDescending(t => t.LogProbability / Math.Pow(t.Tokens, penalty)).Take(5).ToList();
            Assert.Equal(all.Select(t => t.Text), found.Select(t => t.Text));
            for (int i = 0; i < 5; i++)
                Assert.Equal(all[i].LogProbability, found[i].LogProbability, 4);
        }
    }

    [Fact]
    public void AStopStringEndsABeamAndIsLeftOut()
    {
        ContextModel model = Model(new() { [""] = [0, 0, 0, 0.9, 0.1], ["b"] = [0, 0.05, 0, 0.05, 0.9], ["c"] = [0, 0.5, 0.5, 0, 0] });

        GeneratedText best = Write(model, new SamplingOptions { Beams = 3, StopStrings = ["c"], MinLength = 1, LengthPenalty = 0 })[0];

        Assert.Equal(("b", FinishReason.StopString), (best.Text, best.FinishReason));
        Assert.Equal(Math.Log(0.9), best.LogProbability, 5);
    }

    [Fact]
    public void LengthsAndPenaltiesHold()
    {
        double[] even = [0, 0.4, 0.3, 0.2, 0.1];
        ContextModel model = Model(new() { [""] = even, ["a"] = even, ["b"] = even, ["c"] = even });

        Assert.All(Write(model, new SamplingOptions { Beams = 4, NumSamples = 4, MaxLength = 5, MinLength = 3 }),
            text => Assert.InRange(text.Length, 3, 5));
        Assert.All(Write(model, new SamplingOptions { Beams = 4, NumSamples = 4, MaxLength = 3, MinLength = 3, NoRepeatNgram = 1 }),
            text => Assert.Equal(3, text.Text.Distinct().Count()));
        Assert.Equal(["", ""], Write(model, new SamplingOptions { Beams = 2, NumSamples = 2, MaxLength = 0 }).Select(t => t.Text));
    }

    [Fact]
    public void ThePromptIsReadAndPutBeforeWhereAskedFor()
    {
        ContextModel model = Model(new() { [""] = [0, 0, 1, 0, 0], ["b"] = [0, 0.1, 0, 0, 0.9], ["c"] = [0, 0.9, 0.1, 0, 0] });
        var options = new SamplingOptions { Beams = 2, MaxLength = 9, IncludePrompt = true };

        Assert.Equal("bc", new TextGenerator(model, Framing, options, 1).Generate(new GenerationRequest("b".AsMemory())).Samples[0].Text);
    }

    private static IReadOnlyList<GeneratedText> Write(ContextModel model, SamplingOptions options) =>
        new TextGenerator(model, Framing, options, 4).Generate(new GenerationRequest(default)).Samples;

    /// <summary>A model by the probabilities after each character, and after the start for the empty string.</summary>
    private static ContextModel Model(Dictionary<string, double[]> table) =>
        new(Vocabulary.Size, 1, context => Array.ConvertAll(table.GetValueOrDefault(Vocabulary.Decode([Math.Max(0, context[0])]),
        [0.2, 0.2, 0.2, 0.2, 0.2]), p => (float)Math.Log(Math.Max(p, 1e-30))));

    private static IEnumerable<(string Text, double LogProbability, int Tokens)> AllTexts(Dictionary<string, double[]> table, int maxLength)
    {
        IEnumerable<(string Text, double LogProbability, int Tokens)> Extend(string text, double sum)
        {
            double[] p = table[text.Length == 0 ? "" : text[^1..]];
            yield return (text, sum + Math.Log(p[1]), text.Length + 1);
            for (int id = 2; id < 5; id++)
            {
                string longer = text + "abc"[id - 2];
                double longerSum = sum + Math.Log(p[id]);
                if (longer.Length == maxLength)
                    yield return (longer, longerSum, maxLength);
                else
                    foreach (var deeper in Extend(longer, longerSum))
                        yield return deeper;
            }
        }

        return Extend("", 0);
    }
}
