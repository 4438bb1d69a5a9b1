using RnnLm.Diagnostics;
using RnnLm.Drawing;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Tests.Generation;
using RnnLm.Text;

namespace RnnLm.Tests.Patterns;

/// <summary>The distribution of each step, and of whole texts, against all texts that there are.</summary>
public class StepDistributionTests
{
    private const string Letters = "abc";

    private static readonly CharVocabulary RowVocabulary = PatternTexts.Vocabulary(Letters, startAndEnd: true);

    private static readonly CharVocabulary StreamVocabulary = new(Letters.EnumerateRunes(), UnknownCharacterPolicy.Skip);

    public static TheoryData<string, int, int> Cases => new()
    {
        { "a|bb|cccc", 0, 5 }, { "a|bb|cccc", 2, 3 }, { "(ab)*c?", 0, 5 }, { "(ab)*c?", 3, 4 }, { "[^b]*", 0, 4 }, { "[^b]*", 4, 4 },
        { "a+b+", 0, 5 }, { "(a|b){3}c|b", 0, 5 }, { "(a(bc)?){2}", 0, 5 }, { ".*a.", 0, 4 }, { "", 0, 3 }, { "(?:a{3}|b{5})", 1, 5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void EachStepIsTheModelsRenormalisedOverWhatStillMatches(string pattern, int minLength, int maxLength)
    {
        foreach (double temperature in new[] { 0.3, 1, 2 })
        {
            var options = new SamplingOptions
            {
                Pattern = pattern,
                MinLength = minLength,
                MaxLength = maxLength,
                Temperature = temperature
            };
            Compare(new TextFraming(RowVocabulary, DataMode.Rows), options);
            Compare(new TextFraming(StreamVocabulary, DataMode.Stream), options);
        }
    }

    /// <summary>What is written has the probability that the steps multiply to.</summary>
    [Theory]
    [InlineData(DataMode.Rows)]
    [InlineData(DataMode.Stream)]
    public void TextsComeAsOftenAsTheirStepsSay(DataMode mode)
    {
        var framing = new TextFraming(mode == DataMode.Rows ? RowVocabulary : StreamVocabulary, mode);
        var options = new SamplingOptions { Pattern = "a(b|c)*|cb?", MaxLength = 4, Temperature = 1.3, Seed = 4, NumSamples = 20_000 };
        ContextModel model = Model(framing);
        Dictionary<string, double> expected = TextProbabilities(framing, options, Texts(framing, options));

        GenerationResult result = new TextGenerator(model, framing, options, 64).Generate(new GenerationRequest("".AsMemory()));

        string[] texts = [.. expected.Keys];
        int[] counts = [.. texts.Select(text => result.Samples.Count(sample => sample.Text == text))];
        Assert.Equal(20_000, counts.Sum());
        Assert.InRange(ChiSquare.Excess(counts, [.. texts.Select(text => expected[text])]), 0, 1);
    }

    /// <summary>With as many beams as there are texts, the best of all is found.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void BeamSearchFindsTheLikeliestOfTheTextsThatMatch(string pattern, int minLength, int maxLength)
    {
        foreach (DataMode mode in new[] { DataMode.Rows, DataMode.Stream })
        {
            var framing = new TextFraming(mode == DataMode.Rows ? RowVocabulary : StreamVocabulary, mode);
            var options = new SamplingOptions
            {
                Pattern = pattern,
                MinLength = minLength,
                MaxLength = maxLength,
                Beams = 300,
                NumSamples = 300,
                LengthPenalty = 0
            };
            ContextModel model = Model(framing);
            int[][] texts = Texts(framing, options);
            // Of a running text the model never writes what has a longer text after it.
            texts = [.. texts.Where(text => mode == DataMode.Rows
                || !texts.Any(other => other.Length > text.Length && other.AsSpan().StartsWith(text)))];
            (string Text, double LogProbability)[] expected = [.. texts
                .Select(text => (framing.Vocabulary.Decode(text), LogProbability(framing, text, maxLength)))
                .OrderByDescending(entry => entry.Item2)];

            GenerationResult result = new TextGenerator(model, framing, options, 1).Generate(new GenerationRequest("".AsMemory()));

            Assert.Equal(expected.Select(entry => entry.Text).Order(), result.Samples.Select(sample => sample.Text).Distinct().Order());
            // Of texts that are as likely but for rounding, either may come first.
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i].LogProbability, result.Samples[i].LogProbability, 1e-4);
        }
    }

    private static void Compare(TextFraming framing, SamplingOptions options)
    {
        var settings = new SamplingSettings(options, framing, Model(framing).Config);
        var sampler = new LogitSampler(options, framing.Vocabulary);
        var random = new CounterRandom(1, 1, 1);
        int[][] texts = Texts(framing, options);
        foreach (int[] prefix in Prefixes(texts))
        {
            TextLimits limits = Walk(settings, prefix, options.MaxLength);
            double[]? expected = Expected(framing, texts, prefix, options);
            if (expected is null)
            {
                Assert.NotNull(limits.FinishReason);
                continue;
            }

            Assert.Null(limits.FinishReason);
            var history = new TokenHistory(options, framing.Vocabulary.Size);
            float[] logits = Logits(framing, prefix);
            float[] scores = sampler.Filter(logits, history, limits.MayEnd, options.Temperature, limits.Mask(prefix)).ToArray();
            double[] actual = Softmax(scores, options.Temperature);
            for (int id = 0; id < actual.Length; id++)
                Assert.Equal(expected[id], actual[id], 1e-12);
            // What is drawn is one of these.
            Assert.True(expected[sampler.Next(logits, history, limits.MayEnd, options.Temperature, ref random, limits.Mask(prefix))] > 0);
        }
    }

    private static TextLimits Walk(SamplingSettings settings, int[] ids, int maxLength)
    {
        var faults = new OptionFaults();
        TextLimits limits = settings.NewLimits(maxLength, null, "", faults);
        faults.ThrowIfAny("options");
        for (int length = 1; length <= ids.Length; length++)
            Assert.Equal(0, limits.Add(ids.AsSpan(0, length)));
        return limits;
    }

    /// <summary>Returns the probabilities of the next token, or null where the text has ended.</summary>
    private static double[]? Expected(TextFraming framing, int[][] texts, int[] prefix, SamplingOptions options)
    {
        float[] logits = Logits(framing, prefix);
        bool[] allowed = new bool[logits.Length];
        foreach (int[] text in texts.Where(text => text.Length > prefix.Length && text.AsSpan().StartsWith(prefix)))
            allowed[text[prefix.Length]] = true;
        bool mayEnd = texts.Any(text => text.AsSpan().SequenceEqual(prefix));
        if (framing.EndId is int end)
            allowed[end] = mayEnd;
        if (prefix.Length == options.MaxLength || !allowed.Contains(true))
        {
            Assert.True(mayEnd);
            return null;
        }

        return Softmax([.. logits.Select((logit, id) => allowed[id] ? logit : float.NegativeInfinity)], options.Temperature);
    }

    private static Dictionary<string, double> TextProbabilities(TextFraming framing, SamplingOptions options, int[][] texts)
    {
        var probabilities = new Dictionary<string, double>(StringComparer.Ordinal);
        Add([], 1);
        return probabilities;

        void Add(int[] prefix, double probability)
        {
            double[]? next = Expected(framing, texts, prefix, options);
            double ends = next is null ? 1 : framing.EndId is int end ? next[end] : 0;
            if (ends > 0)
                probabilities.Add(framing.Vocabulary.Decode(prefix), probability * ends);
            for (int id = 0; next is not null && id < next.Length; id++)
            {
                if (next[id] > 0 && id != framing.EndId)
                    Add([.. prefix, id], probability * next[id]);
            }
        }
    }

    private static double LogProbability(TextFraming framing, int[] text, int maxLength)
    {
        double sum = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            double[] p = Softmax(Logits(framing, text[..i]), 1);
            if (i < text.Length)
                sum += Math.Log(p[text[i]]);
            else if (framing.EndId is int end && text.Length < maxLength)
                sum += Math.Log(p[end]);
        }

        return sum;
    }

    private static int[][] Texts(TextFraming framing, SamplingOptions options)
    {
        Func<string, bool[]> isMatch = PatternTexts.DotNet(options.Pattern!)!;
        return [.. PatternTexts.All(framing.Vocabulary, options.MaxLength)
            .Where(text => text.Length >= options.MinLength && isMatch(text)[0])
            .Select(text => framing.Vocabulary.Encode(text))];
    }

    private static IEnumerable<int[]> Prefixes(int[][] texts) =>
        texts.SelectMany(text => Enumerable.Range(0, text.Length + 1).Select(length => text[..length]))
        .DistinctBy(prefix => string.Join(',', prefix));

    private static double[] Softmax(float[] scores, double temperature)
    {
        double most = scores.Max();
        double[] weights = [.. scores.Select(score => Math.Exp((score - most) / temperature))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>A model whose logits depend on the last token: what a text of these tokens is followed by.</summary>
    private static float[] Logits(TextFraming framing, int[] text)
    {
        int last = text.Length > 0 ? text[^1] : framing.Mode == DataMode.Rows ? framing.Vocabulary.StartId!.Value : framing.Opening[^1];
        return LogitsAfter(framing.Vocabulary.Size, last);
    }

    private static float[] LogitsAfter(int size, int last)
    {
        var random = new CounterRandom(11, (ulong)last, 1);
        return [.. Enumerable.Range(0, size).Select(_ => (float)random.NextNormal() * 2)];
    }

    private static ContextModel Model(TextFraming framing) =>
        new(framing.Vocabulary.Size, 1, context => LogitsAfter(framing.Vocabulary.Size, context[0]));
}
