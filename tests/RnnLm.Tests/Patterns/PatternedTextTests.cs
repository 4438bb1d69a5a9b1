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

/// <summary>Fifty patterns, four models, temperatures from 0 to 2: every text matches, and none is cut off.</summary>
public class PatternedTextTests
{
    private static readonly string[] Patterns =
    [
        @"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", @"(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])\.(19|20)[0-9]{2}", @"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
        @"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", @"DE[0-9]{20}", @"DE[0-9]{2}( [0-9]{4}){4} [0-9]{2}", @"[\w.+-]+@\w+(\.\w+)+", @"[a-z]+(\.[a-z]+)*@[a-z]+\.(com|org|net|de)",
        @"[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} [1-9][0-9]{0,3}", @"[A-Z]{2}[0-9]{2} ?[A-Z]{3}", @"(?i)[a-z]{3}-?\d{3}", @"[A-Z]{3}-\d{5}(-[A-Z])?", @"(AB|CD|EF)-\d{3}/\d{2}", @"P/N: [A-Z0-9]{4,12}",
        @"\+49 ?[1-9][0-9]{1,4}[ /-]?[0-9]{3,8}", @"\([0-9]{3}\) [0-9]{3}-[0-9]{4}", @"[0-9]{5}(-[0-9]{4})?", @"[A-Z][0-9][A-Z] [0-9][A-Z][0-9]", @"(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}",
        @"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", @"#[0-9A-Fa-f]{6}|#[0-9A-Fa-f]{3}", @"(a|b(c|d(e|f(g|h))))+", @"((a|b)|(c|(d|e)))(x|y|)", @"(one|two|three)( (one|two|three)){2,5}", @"(?:(?:ab|cd)|(?:ef|(?:gh|ij)kl)m)n",
        @"[a-z]{200}", @"[a-z]{1,200}", @".{150,200}", @"(\w{1,20} ){1,9}\w+", @"(?:[a-z]{1,10}[ -]?){3,6}", @"a{0,200}b", @"\p{Lu}\p{Ll}+", @"\p{L}+[- ]\p{L}+", @"[\p{L}-[a-zA-Z]]+", @"\p{IsGreek}{3,8}",
        @"[^\x00-\x7F]{2,6}", @"\P{L}{4}", @"\w+\s\w+", @"\S+", @"(?i)straße|(?i:ΣΊΣΥΦΟΣ)", @"[äöüß]{5}", "", "^$", "(?:😀|😁){1,4}x?", @"^[A-Z]+$", @"\A\d+\z", @"\d+\Z", @"(?m)^[a-z]+$(\n^[a-z]+$){1,3}", @"(?x) [A-Z] \d+   # a letter and a number
            ", @"(?s).{3}", "(?n)(a|b)+(?<year>[0-9]{4})",
    ];

    private static readonly IEnumerable<Rune> Characters =
        "\n\t ".EnumerateRunes().Concat(Enumerable.Range('!', 94).Select(value => new Rune(value))).Concat("ÄÖÜäöüßéΣΊΥΦΟςσίυφοαβγ😀😁日本".EnumerateRunes());

    private static readonly CharVocabulary Framed = new(Characters, UnknownCharacterPolicy.Token, startAndEnd: true);

    private static readonly CharVocabulary Unframed = new(Characters, UnknownCharacterPolicy.Skip);

    public static TheoryData<CellType, DataMode, double> Models => new()
    {
        { CellType.Gru, DataMode.Rows, 1 },
        { CellType.Lstm, DataMode.Stream, 1 },
        { CellType.Rnn, DataMode.Pairs, 1 },
        { CellType.Lstm, DataMode.Rows, 40 },   // so sure of itself that what the pattern asks for has no weight beside what it forbids
    };

    [Fact]
    public void ThereAreFiftyPatterns() => Assert.True(Patterns.Distinct().Count() >= 50, $"{Patterns.Length}");

    [Theory]
    [MemberData(nameof(Models))]
    public void EveryTextMatchesAndNoneIsCutOff(CellType cell, DataMode mode, double scale)
    {
        var framing = new TextFraming(mode == DataMode.Stream ? Unframed : Framed, mode);
        using ILanguageModelRuntime model = Model(framing, cell, (float)scale);
        foreach (double temperature in new[] { 0, 0.5, 1, 2 })
        {
            var options = new SamplingOptions { Seed = 5, Temperature = temperature, MaxLength = 220, PatternIncludesPrompt = false };
            // Each pattern is the row's own, so that all are written side by side.
            IEnumerable<GenerationRequest> requests = Enumerable.Range(0, 2 * Patterns.Length)
                .Select(row => new GenerationRequest("PROMPT".AsMemory(row % 6), (ulong)row, Pattern: Patterns[row % Patterns.Length]));
            int row = 0;
            foreach (GenerationResult result in new TextGenerator(model, framing, options, 16).Generate(requests))
            {
                string pattern = Patterns[row++ % Patterns.Length], text = Assert.Single(result.Samples).Text;
                Assert.True(Whole(pattern).IsMatch(text), $"'{pattern}': '{PatternTexts.Show(text)}'");
                Assert.True(result.Samples[0].Length <= 220);
            }

            Assert.Equal(2 * Patterns.Length, row);
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
            var options = new SamplingOptions { Pattern = pattern, MaxLength = maxLength, Seed = maxLength, NumSamples = 50, Temperature = 1.5 };
            foreach (GeneratedText text in new TextGenerator(model, framing, options, 16).Generate(new GenerationRequest("".AsMemory())).Samples)
            {
                Assert.Matches(Whole(pattern), text.Text);
                Assert.InRange(text.Length, shortest, maxLength);
            }
        }
    }

    private static Regex Whole(string pattern) => new($"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromMinutes(1));

    private static ILanguageModelRuntime Model(TextFraming framing, CellType cell, float scale)
    {
        var config = new ModelConfig { Cell = cell, VocabularySize = framing.Vocabulary.Size, HiddenSize = 24, EmbeddingSize = 12 };
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
