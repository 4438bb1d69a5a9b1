using System.Text;
using System.Text.RegularExpressions;
using RnnLm.Engines;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Managed;
using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.Tests.Patterns;

/// <summary>Fifty patterns, models of four kinds and more, temperatures from 0 to 2: every text matches, and none is cut off.</summary>
public class PatternedTextTests
{
    private static readonly string[] Patterns =
    [
        @"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", @"(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])\.(19|20)[0-9]{2}",
        @"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
        @"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", @"DE[0-9]{20}", @"DE[0-9]{2}( [0-9]{4}){4} [0-9]{2}", @"[\w.+-]+@\w+(\.\w+)+",
        @"[a-z]+(\.[a-z]+)*@[a-z]+\.(com|org|net|de)",
        @"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} [1-9][0-9]{0,3}", @"[A-Z]{2}[0-9]{2} ?[A-Z]{3}", @"(?i)[a-z]{3}-?\d{3}", @"[A-Z]{3}-\d{5}(-[A-Z])?",
        @"(AB|CD|EF)-\d{3}/\d{2}", @"P/N: [A-Z0-9]{4,12}",
        @"\+49 ?[1-9][0-9]{1,4}[ /-]?[0-9]{3,8}", @"\([0-9]{3}\) [0-9]{3}-[0-9]{4}", @"[0-9]{5}(-[0-9]{4})?",
        @"[A-Z][0-9][A-Z] [0-9][A-Z][0-9]", @"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}",
        @"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", @"#[0-9A-Fa-f]{6}|#[0-9A-Fa-f]{3}", @"(a|b(c|d(e|f(g|h))))+",
        @"((a|b)|(c|(d|e)))(x|y|)", @"(one|two|three)( (one|two|three)){2,5}", @"(?:(?:ab|cd)|(?:ef|(?:gh|ij)kl)m)n",
        @"[a-z]{200}", @"[a-z]{1,200}", @".{150,200}", @"(\w{1,20} ){1,9}\w+", @"(?:[a-z]{1,10}[ -]?){3,6}", @"a{0,200}b", @"\p{Lu}\p{Ll}+",
        @"\p{L}+[- ]\p{L}+", @"[\p{L}-[a-zA-Z]]+", @"\p{IsGreek}{3,8}",
        @"[^\x00-\x7F]{2,6}", @"\P{L}{4}", @"\w+\s\w+", @"\S+", @"(?i)straße|(?i:ΣΊΣΥΦΟΣ)", @"[äöüß]{5}", "", "^$", "(?:😀|😁){1,4}x?",
        @"^[A-Z]+$", @"\A\d+\z", @"\d+\Z", @"(?m)^[a-z]+$(\n^[a-z]+$){1,3}", @"(?x) [A-Z] \d+   # a letter and a number
            ", @"(?s).{3}", "(?n)(a|b)+(?<year>[0-9]{4})",
    ];

    private const int MostCharacters = 220;

    private static readonly IEnumerable<Rune> Characters =
        "\n\t ".EnumerateRunes().Concat(Enumerable.Range('!', 94).Select(value => new Rune(value)))
        .Concat("ÄÖÜäöüßéΣΊΥΦΟςσίυφοαβγ😀😁日本".EnumerateRunes());

    private static readonly CharVocabulary Framed = new(Characters, UnknownCharacterPolicy.Token, startAndEnd: true);

    private static readonly CharVocabulary Unframed = new(Characters, UnknownCharacterPolicy.Skip);

    // Cyrillic, Hebrew and Hangul too, so that classes of Unicode have many members.
    private static readonly CharVocabulary Wide = new(
        Characters.Concat(Enumerable.Range(0x0410, 64).Concat(Enumerable.Range(0x05D0, 27)).Concat(Enumerable.Range(0xAC00, 300))
            .Select(value => new Rune(value))),
        UnknownCharacterPolicy.Token, startAndEnd: true);

    /// <summary>Gets the models; the last number is that of their conditions.</summary>
    public static TheoryData<CellType, DataMode, int, double, int> Models => new()
    {
        { CellType.Gru, DataMode.Rows, 12, 1, 0 },
        { CellType.Lstm, DataMode.Stream, 0, 1, 0 },   // one-hot
        { CellType.Rnn, DataMode.Pairs, 12, 1, 0 },
        { CellType.Gru, DataMode.Rows, 0, 1, 3 },
        // so sure of itself that what the pattern asks for has no weight beside what it forbids
        { CellType.Lstm, DataMode.Rows, 12, 40, 0 },
    };

    [Fact]
    public void ThereAreFiftyPatterns() => Assert.True(Patterns.Distinct().Count() >= 50, $"{Patterns.Length}");

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryTextMatchesAndNoneIsCutOff(CellType cell, DataMode mode, int embedding, double scale, int conditions)
    {
        var framing = new TextFraming(mode == DataMode.Stream ? Unframed : conditions > 0 ? Wide : Framed, mode);
        using ILanguageModelRuntime model = Model(framing, cell, (float)scale, embedding, conditions);
        foreach (double temperature in new[] { 0, 0.5, 1, 2 })
        {
            var options = new SamplingOptions { Seed = 5, Temperature = temperature, MaxLength = MostCharacters };
            int row = 0;
            foreach (GenerationResult result in new TextGenerator(model, framing, options,
                16).Generate(Requests(2 * Patterns.Length, conditions)))
            {
                string pattern = Patterns[row++ % Patterns.Length];
                AssertWhole(pattern, Assert.Single(result.Samples));
            }

            Assert.Equal(2 * Patterns.Length, row);
        }
    }

    /// <summary>A vocabulary that lacks what most patterns need: each is written or refused, and refused where no text of it
    /// matches.</summary>
    [Fact]
    public void WithFewCharactersAPatternIsWrittenOrRefused()
    {
        const string Few = "abcd019@.- ";
        var framing = new TextFraming(PatternTexts.Vocabulary(Few, startAndEnd: true), DataMode.Rows);
        using ILanguageModelRuntime model = Model(framing, CellType.Gru, 1);
        var random = new Random(4);
        string[] texts = [.. Enumerable.Range(0, 20_000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Few[random.Next(Few.Length)])))];
        int written = 0, refused = 0;
        foreach (string pattern in Patterns)
        {
            var generator = new TextGenerator(model, framing,
                new SamplingOptions { Seed = 5, MaxLength = MostCharacters, Pattern = pattern }, 4);
            try
            {
                AssertWhole(pattern, generator.Generate(new GenerationRequest("ab".AsMemory())).Samples[0]);
                written++;
            }
            catch (OptionsException e)
            {
                Assert.Contains("can't be matched: the model's vocabulary has no character for", e.Message, StringComparison.Ordinal);
                Regex whole = Whole(pattern);
                Assert.DoesNotContain(texts, whole.IsMatch);
                refused++;
            }
        }

        Assert.True(written >= 15 && refused >= 15, $"{written} written, {refused} refused");
    }

    /// <summary>With a seed a text is the same in any batch, as one of several samples, and in a session.</summary>
    [Theory]
    [InlineData(DataMode.Rows)]
    [InlineData(DataMode.Stream)]
    public void ATextIsTheSameWhereverItIsWritten(DataMode mode)
    {
        var framing = new TextFraming(mode == DataMode.Stream ? Unframed : Framed, mode);
        using ILanguageModelRuntime model = Model(framing, CellType.Gru, 1);
        var options = new SamplingOptions { Seed = 6, MaxLength = MostCharacters, NumSamples = 3, IncludePrompt = false };
        GeneratedText[][] Write(int batchSize) =>
            [.. new TextGenerator(model, framing, options, batchSize).Generate(Requests(Patterns.Length))
            .Select(result => result.Samples.ToArray())];
        GeneratedText[][] alone = Write(1);

        foreach (int batchSize in new[] { 7, 64 })
            Assert.Equal(alone, Write(batchSize));
        for (int row = 0; row < Patterns.Length; row++)
            Assert.All(alone[row], text => AssertWhole(Patterns[row], text));
        options.NumSamples = 1;
        foreach (string pattern in Patterns)
        {
            options.Pattern = pattern;
            GeneratedText expected =
                new TextGenerator(model, framing, options, 5).Generate(new GenerationRequest("PRO".AsMemory())).Samples[0];
            using var session = new GenerationSession(model, framing);
            session.Append("PR");
            session.Append("O");
            Assert.Equal(expected, session.Generate(options));
        }
    }

    [Fact]
    public void EveryBeamMatchesAndIsAsLikelyAsItIsScored()
    {
        var framing = new TextFraming(Framed, DataMode.Rows);
        using ILanguageModelRuntime model = Model(framing, CellType.Gru, 1);
        var options = new SamplingOptions { MaxLength = MostCharacters, Beams = 4, NumSamples = 4, LengthPenalty = 0 };
        foreach (GenerationRequest request in Requests(Patterns.Length))
        {
            IReadOnlyList<GeneratedText> beams = new TextGenerator(model, framing, options, 1).Generate(request).Samples;
            Assert.NotEmpty(beams);
            Assert.Equal(beams.Count, beams.Select(beam => beam.Text).Distinct().Count());
            Assert.All(beams, beam => AssertWhole(request.Pattern!, beam));
            Assert.Equal(beams.OrderByDescending(beam => beam.LogProbability), beams);
        }
    }

    /// <summary>The shortest room there is: the text must be one of the shortest that match.</summary>
    [Theory]
    [InlineData("[a-z]+@[a-z]+(\\.[a-z]{2,3})+", 6)]
    [InlineData("DE[0-9]{20}", 22)]
    [InlineData("(ab){3,}c", 7)]
    [InlineData(".*(xyz|longer)", 3)]
    public void ATextEndsWithinItsLength(string pattern, int shortest)
    {
        var framing = new TextFraming(Framed, DataMode.Rows);
        using ILanguageModelRuntime model = Model(framing, CellType.Gru, 1);
        for (int maxLength = shortest; maxLength < shortest + 4; maxLength++)
        {
            var options = new SamplingOptions
            {
                Pattern = pattern,
                MaxLength = maxLength,
                Seed = maxLength,
                NumSamples = 50,
                Temperature = 1.5
            };
            foreach (GeneratedText text in new TextGenerator(model, framing, options,
                16).Generate(new GenerationRequest("".AsMemory())).Samples)
            {
                Assert.Matches(Whole(pattern), text.Text);
                Assert.InRange(text.Length, shortest, maxLength);
            }
        }
    }

    /// <summary>Each pattern is a row's own, so that all are written side by side.</summary>
    private static IEnumerable<GenerationRequest> Requests(int count, int conditions = 0) =>
        Enumerable.Range(0, count).Select(row => new GenerationRequest(
            "PROMPT".AsMemory(row % 6), (ulong)row, Condition: conditions > 0 ? row % conditions : -1,
            Pattern: Patterns[row % Patterns.Length]));

    private static void AssertWhole(string pattern, GeneratedText text)
    {
        Assert.True(Whole(pattern).IsMatch(text.Text), $"'{PatternTexts.Show(pattern)}': '{PatternTexts.Show(text.Text)}'");
        Assert.InRange(text.Length, 0, MostCharacters);
    }

    private static Regex Whole(string pattern) => new($"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromMinutes(1));

    private static ILanguageModelRuntime Model(TextFraming framing, CellType cell, float scale, int embedding = 12, int conditions = 0)
    {
        var config = new ModelConfig
        {
            Cell = cell, VocabularySize = framing.Vocabulary.Size, HiddenSize = 24, EmbeddingSize = embedding, Conditions = conditions,
        };
        var weights = new ModelWeights(config);
        ulong number = 0;
        foreach (WeightTensor tensor in weights)
        {
            var random = new CounterRandom(9, number++, RandomPurpose.Weights);
            float spread = tensor.Name.StartsWith("output", StringComparison.Ordinal) ? scale : 0.5f;
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)random.NextNormal() * spread;
        }

        return new ManagedEngine().LoadLanguageModel(config, weights, new InferenceOptions { Threads = 1 });
    }
}
