using System.Text;
using RnnLm.Drawing;
using RnnLm.Numerics;
using RnnLm.Tests.Generation;
using RnnLm.Text;

namespace RnnLm.Tests.Drawing;

public class LogitSamplerTests
{
    // No special tokens: ids 0, 1, 2, … are a, b, c, …
    private static CharVocabulary Letters(int count) =>
        new(Enumerable.Range('a', count).Select(c => new Rune((char)c)), UnknownCharacterPolicy.Skip);

    [Fact]
    public void WithoutOptionsTheProbabilitiesAreTheSoftmax() =>
        AssertProbabilities(new SamplingOptions(), [0.5, 0.25, 0.125, 0.125], [0.5, 0.25, 0.125, 0.125]);

    // 0.5² : 0.25² : 0.125² : 0.125² = 16 : 4 : 1 : 1
    [Fact]
    public void TemperatureOneHalfSquaresTheProbabilities() =>
        AssertProbabilities(new SamplingOptions { Temperature = 0.5 }, [0.5, 0.25, 0.125, 0.125],
        [16 / 22.0, 4 / 22.0, 1 / 22.0, 1 / 22.0]);

    [Fact]
    public void TopKKeepsTheMostLikely() =>
        AssertProbabilities(new SamplingOptions { TopK = 2 }, [0.1, 0.4, 0.3, 0.2], [0, 4 / 7.0, 3 / 7.0, 0]);

    [Fact]
    public void TopKKeepsAllThatAreAsLikelyAsTheLast() =>
        AssertProbabilities(new SamplingOptions { TopK = 2 }, [0.25, 0.5, 0.125, 0.125], [1 / 3.0, 2 / 3.0, 0, 0],
        [0.25, 0.25, 0.25, 0.25]);

    [Theory]
    [InlineData(0.3, new[] { 0, 1.0, 0, 0 })]
    [InlineData(0.45, new[] { 0, 4 / 7.0, 3 / 7.0, 0 })]
    [InlineData(0.85, new[] { 0, 4 / 9.0, 3 / 9.0, 2 / 9.0 })]
    [InlineData(0.95, new[] { 0.1, 0.4, 0.3, 0.2 })]
    [InlineData(1e-12, new[] { 0, 1.0, 0, 0 })]
    public void TopPKeepsTheSmallestSetThatReachesIt(double topP, double[] expected) =>
        AssertProbabilities(new SamplingOptions { TopP = topP }, [0.1, 0.4, 0.3, 0.2], expected);

    [Theory]
    [InlineData(0.6, new[] { 0, 4 / 7.0, 3 / 7.0, 0 })]
    [InlineData(0.3, new[] { 0, 4 / 9.0, 3 / 9.0, 2 / 9.0 })]
    [InlineData(1, new[] { 0, 1.0, 0, 0 })]
    public void MinPIsMeasuredAgainstTheMostLikely(double minP, double[] expected) =>
        AssertProbabilities(new SamplingOptions { MinP = minP }, [0.1, 0.4, 0.3, 0.2], expected);

    // Surprise 0.69, 1.39, 2.08, 2.08 nats; expected 0.5 · 0.69 + 0.25 · 1.39 + 0.25 · 2.08 = 1.21. Distances: 0.52, 0.17, 0.87, 0.87.
    [Theory]
    [InlineData(0.2, new[] { 0, 1.0, 0, 0 })]
    [InlineData(0.6, new[] { 2 / 3.0, 1 / 3.0, 0, 0 })]
    [InlineData(0.8, new[] { 0.5, 0.25, 0.125, 0.125 })]
    public void TypicalKeepsTheSurpriseNearTheExpected(double typicalP, double[] expected) =>
        AssertProbabilities(new SamplingOptions { TypicalP = typicalP }, [0.5, 0.25, 0.125, 0.125], expected);

    [Fact]
    public void TypicalKeepsAllOfAUniformDistribution() =>
        AssertProbabilities(new SamplingOptions { TypicalP = 0.1 }, [0.2, 0.2, 0.2, 0.2, 0.2], [0.2, 0.2, 0.2, 0.2, 0.2]);

    [Fact]
    public void TypicalPassesByWhatCannotCome() =>
        AssertProbabilities(new SamplingOptions { TypicalP = 0.99999 }, [1, 1e-60], [1, 0]);

    // Temperature first: 0.7² + 0.2² … makes the first reach top-p 0.8 by itself; the other way round two would stay.
    [Fact]
    public void TemperatureComesBeforeTopP() =>
        AssertProbabilities(new SamplingOptions { Temperature = 0.5, TopP = 0.8 }, [0.7, 0.2, 0.1], [1, 0, 0]);

    // Top-k first leaves 0.4, 0.35 of 0.75: the first is 0.533, which reaches 0.5. Top-p first would keep two, and top-k too.
    [Fact]
    public void TopKComesBeforeTopP() =>
        AssertProbabilities(new SamplingOptions { TopK = 2, TopP = 0.5 }, [0.4, 0.35, 0.25], [1, 0, 0]);

    // Top-p first keeps 0.4, 0.3, and min-p both. Min-p first would leave 0.4 of 0.7, which by itself reaches 0.5.
    [Fact]
    public void TopPComesBeforeMinP() =>
        AssertProbabilities(new SamplingOptions { TopP = 0.5, MinP = 0.6 }, [0.4, 0.3, 0.1, 0.1, 0.1], [4 / 7.0, 3 / 7.0, 0, 0, 0]);

    // After min-p leaves 0.4, 0.3, the expected surprise is 0.683 and the first token's, 0.560, is nearer than the second's, 0.847. Over
    // all five, as it would be with typical first, the second's 1.204 would be nearest to the expected 1.42, and it alone would stay.
    [Fact]
    public void MinPComesBeforeTypical() =>
        AssertProbabilities(new SamplingOptions { MinP = 0.6, TypicalP = 0.1 }, [0.4, 0.3, 0.1, 0.1, 0.1], [1, 0, 0, 0, 0]);

    // 2 → 1 and -1 → -2 by the penalty; temperature 0.5 then doubles all.
    [Fact]
    public void APenaltyDividesPositiveAndMultipliesNegativeLogits()
    {
        var options = new SamplingOptions { RepetitionPenalty = 2, Temperature = 0.5 };
        var history = new TokenHistory(options, 3);
        history.Add(0);
        history.Add(2);

        double[] probabilities = Probabilities(options, [2f, 1f, -1f], history);

        double[] expected = Normalize([Math.Exp(2), Math.Exp(2), Math.Exp(-4)]);
        AssertClose(expected, probabilities);
    }

    // Penalties first: b and c, banned as repeats, do not count towards top-k 1, so d may come. Filters first would have kept b alone, and
    // nothing would be left.
    [Fact]
    public void PenaltiesComeBeforeFilters()
    {
        var options = new SamplingOptions { NoRepeatNgram = 2, TopK = 1 };
        var history = new TokenHistory(options, 4);
        foreach (int id in new[] { 0, 1, 0, 2, 0 })
            history.Add(id);

        AssertClose([0, 0, 0, 1], Probabilities(options, [0.1f, 5f, 4f, 3f], history));
    }

    [Theory]
    [InlineData(1, new[] { 1, 2, 1 }, new[] { 1, 2 })]
    [InlineData(2, new[] { 1, 2, 0, 1 }, new[] { 2 })]
    [InlineData(3, new[] { 1, 2, 0, 1, 2 }, new[] { 0 })]
    [InlineData(3, new[] { 1, 1, 1, 1 }, new[] { 1 })]
    [InlineData(3, new[] { 1, 2 }, new int[0])]
    [InlineData(4, new[] { 1, 2, 0, 1, 2 }, new int[0])]
    public void NoRunOfTokensComesTwice(int ngram, int[] before, int[] banned)
    {
        var options = new SamplingOptions { NoRepeatNgram = ngram };
        var history = new TokenHistory(options, 4);
        foreach (int id in before)
            history.Add(id);

        double[] probabilities = Probabilities(options, [0f, 0f, 0f, 0f], history);

        Assert.Equal(banned, Enumerable.Range(0, 4).Where(id => probabilities[id] == 0));
    }

    [Fact]
    public void ABanOfEverythingIsNotKept()
    {
        var options = new SamplingOptions { NoRepeatNgram = 1 };
        var history = new TokenHistory(options, 2);
        history.Add(0);
        history.Add(1);

        AssertClose([0.5, 0.5], Probabilities(options, [0f, 0f], history));
    }

    [Fact]
    public void SpecialTokensNeverComeAndTheEndOnlyWhereAllowed()
    {
        var vocabulary = new CharVocabulary("ab".EnumerateRunes(), UnknownCharacterPolicy.Token, startAndEnd: true);
        var sampler = new LogitSampler(new SamplingOptions(), vocabulary);
        var history = new TokenHistory(new SamplingOptions(), vocabulary.Size);
        float[] logits = [9, 9, 0, 0, 0];   // unknown, start, end, a, b

        AssertClose([0, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0], Probabilities(sampler.Filter(logits, history, endAllowed: true, 1), 1));
        AssertClose([0, 0, 0, 0.5, 0.5], Probabilities(sampler.Filter(logits, history, endAllowed: false, 1), 1));
    }

    [Theory]
    [InlineData(double.Epsilon)]
    [InlineData(1e-12)]
    public void ATinyTemperatureIsGreedy(double temperature) =>
        AssertClose([0, 1, 0], Probabilities(new SamplingOptions { Temperature = temperature }, [-3f, 2f, 1.9999999f], null));

    [Fact]
    public void AnEnormousTemperatureIsUniform() =>
        AssertClose([1 / 3.0, 1 / 3.0, 1 / 3.0], Probabilities(new SamplingOptions { Temperature = double.MaxValue }, [-3f, 2f, 1f], null));

    [Fact]
    public void AnEnormousPenaltyLeavesNumbers()
    {
        var options = new SamplingOptions { RepetitionPenalty = double.MaxValue };
        var history = new TokenHistory(options, 2);
        history.Add(0);
        history.Add(1);

        Assert.Equal(1, Probabilities(options, [-1e20f, -1e20f], history).Sum(), 6);
    }

    [Fact]
    public void TemperatureZeroTakesTheFirstOfTheMostLikely()
    {
        var sampler = new LogitSampler(new SamplingOptions(), Letters(4));
        var random = new CounterRandom(1, 1, 1);

        Assert.Equal(1, sampler.Next([0f, 2f, 2f, 1f], new TokenHistory(new SamplingOptions(), 4), true, 0, ref random));
        Assert.Equal(0ul, random.Position);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void LogitsThatAreNoNumbersAreAnError(float value)
    {
        var sampler = new LogitSampler(new SamplingOptions(), Letters(3));
        var random = new CounterRandom(1, 1, 1);

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() =>
            sampler.Next([0f, value, 1f], new TokenHistory(new SamplingOptions(), 3), true, 1, ref random));
        Assert.Contains("not a finite number", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFilterThatLeavesNothingOutChangesNoDraw()
    {
        float[] logits = [.. Enumerable.Range(0, 70).Select(i => MathF.Sin(i * 7))];
        int[] Draw(SamplingOptions options)
        {
            var sampler = new LogitSampler(options,
                new CharVocabulary(Enumerable.Range(0x400, 70).Select(c => new Rune(c)), UnknownCharacterPolicy.Skip));
            var random = new CounterRandom(6, 6, 6);
            return [.. Enumerable.Range(0, 500).Select(_ => sampler.Next(logits, new TokenHistory(options, 70), true, 0.7, ref random))];
        }

        Assert.Equal(Draw(new SamplingOptions()), Draw(new SamplingOptions
        {
            TopK = 70,
            MinP = 1e-9,
            TypicalP = 0.9999999,
            NoRepeatNgram = 3
        }));
    }

    /// <summary>Gets options, what they make of the probabilities 0.4, 0.3, 0.2 and 0.1, and what it would be without them or with two of
    /// them in the other order.</summary>
    public static TheoryData<SamplingOptions, double[], double[]> Distributions => new()
    {
        { new SamplingOptions { Temperature = 0.8 },
        Normalize([Math.Pow(0.4, 1.25), Math.Pow(0.3, 1.25), Math.Pow(0.2, 1.25), Math.Pow(0.1, 1.25)]), [0.4, 0.3, 0.2, 0.1] },
        { new SamplingOptions { TopK = 3 }, [4 / 9.0, 3 / 9.0, 2 / 9.0, 0], [0.4, 0.3, 0.2, 0.1] },
        { new SamplingOptions { TopP = 0.65 }, [4 / 7.0, 3 / 7.0, 0, 0], [0.4, 0.3, 0.2, 0.1] },
        { new SamplingOptions { MinP = 0.3 }, [4 / 9.0, 3 / 9.0, 2 / 9.0, 0], [0.4, 0.3, 0.2, 0.1] },
        { new SamplingOptions { TypicalP = 0.6 }, [4 / 9.0, 3 / 9.0, 2 / 9.0, 0], [0.4, 0.3, 0.2, 0.1] },
        { new SamplingOptions { Temperature = 0.5, TopP = 0.75 }, [16 / 25.0, 9 / 25.0, 0, 0], [16 / 29.0, 9 / 29.0, 4 / 29.0, 0] },
        { new SamplingOptions { TopK = 3, TopP = 0.75 }, [4 / 7.0, 3 / 7.0, 0, 0], [4 / 9.0, 3 / 9.0, 2 / 9.0, 0] },
        { new SamplingOptions { TopP = 0.75, MinP = 0.4 }, [4 / 9.0, 3 / 9.0, 2 / 9.0, 0], [4 / 7.0, 3 / 7.0, 0, 0] },
        { new SamplingOptions { MinP = 0.3, TypicalP = 0.6 }, [4 / 7.0, 3 / 7.0, 0, 0], [4 / 9.0, 3 / 9.0, 2 / 9.0, 0] },
        { new SamplingOptions { Temperature = 2, TopP = 0.8, MinP = 0.6 }, Normalize([Math.Sqrt(0.4), Math.Sqrt(0.3), Math.Sqrt(0.2), 0]),
        [4 / 7.0, 3 / 7.0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Distributions), DisableDiscoveryEnumeration = true)]
    public void DrawsFitTheProbabilities(SamplingOptions options, double[] expected, double[] wrong)
    {
        var sampler = new LogitSampler(options, Letters(4));
        var history = new TokenHistory(options, 4);
        float[] logits = Logits([0.4, 0.3, 0.2, 0.1]);
        var random = new CounterRandom(20, 3, RandomPurpose.Sampling);
        int[] counts = new int[4];
        for (int i = 0; i < 40_000; i++)
            counts[sampler.Next(logits, history, true, options.Temperature, ref random)]++;

        Assert.InRange(ChiSquare.Excess(counts, expected), 0, 1);
        // The test can tell.
        Assert.True(ChiSquare.Excess(counts, wrong) > 1);
    }

    [Fact]
    public void ADrawAllocatesNothing()
    {
        var options = new SamplingOptions
        {
            Temperature = 0.9,
            TopK = 20,
            TopP = 0.9,
            MinP = 0.01,
            TypicalP = 0.95,
            RepetitionPenalty = 1.1
        };
        var sampler = new LogitSampler(options, Letters(26));
        var history = new TokenHistory(options, 26);
        float[] logits = [.. Enumerable.Range(0, 26).Select(i => MathF.Sin(i))];
        var random = new CounterRandom(1, 1, 1);
        int sum = 0;

        long allocated = Allocations.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                sum += sampler.Next(logits, history, true, 0.9, ref random);
        });

        Assert.True(sum > 0);
        Assert.Equal(0, allocated);
    }

    private static void AssertProbabilities(SamplingOptions options, double[] given, double[] expected, double[]? ties = null)
    {
        AssertClose(expected, Probabilities(options, Logits(given), null));
        if (ties is not null)
            AssertClose(ties, Probabilities(options, Logits(ties), null));
    }

    private static double[] Probabilities(SamplingOptions options, float[] logits, TokenHistory? history)
    {
        var sampler = new LogitSampler(options, Letters(logits.Length));
        return Probabilities(sampler.Filter(logits, history ?? new TokenHistory(options, logits.Length), true, options.Temperature),
            options.Temperature);
    }

    /// <summary>The softmax of the scores over the temperature.</summary>
    private static double[] Probabilities(ReadOnlySpan<float> scores, double temperature)
    {
        double most = scores.ToArray().Max();
        return Normalize(Array.ConvertAll(scores.ToArray(), score => score == most ? 1 : Math.Exp((score - most) / temperature)));
    }

    // Shifted, since softmax does not see it.
    private static float[] Logits(double[] probabilities) => Array.ConvertAll(probabilities, p => (float)(Math.Log(p) + 1.5));

    private static double[] Normalize(double[] values) => Array.ConvertAll(values, value => value / values.Sum());

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) < 1e-5, $"Token {i}: expected {expected[i]}, but was {actual[i]}.");
    }
}
