using RnnLm.Diagnostics;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Numerics;
using RnnLm.Tests.Generation;
using RnnLm.Text;

namespace RnnLm.Tests.Patterns;

/// <summary>Patterns together with what else there is to drawing.</summary>
public class PatternSamplingTests
{
    private const string Characters = "abcdefgh0123456789 .;\n";

    private static readonly TextFraming Rows = new(PatternTexts.Vocabulary(Characters, startAndEnd: true), DataMode.Rows);

    private static readonly TextFraming Stream =
        new(new CharVocabulary(Characters.EnumerateRunes(), UnknownCharacterPolicy.Skip), DataMode.Stream);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ResultsDoNotDependOnTheBatchSize(int samples)
    {
        var options = new SamplingOptions
        {
            Pattern = @"([a-h]{1,4} ?)+\d{2,5}",
            MaxLength = 20,
            Seed = 3,
            NumSamples = samples,
            StopStrings = [";", " 1"]
        };
        string[] Run(int batchSize) => [.. Write(Rows, options, batchSize, [.. Enumerable.Range(0, 60).Select(row => new GenerationRequest(
            "abc".AsMemory(row % 4), (ulong)row, Pattern: row % 3 == 0 ? "[a-d]+" : null))]).SelectMany(result => result.Samples)
            .Select(sample => $"{sample}")];

        string[] one = Run(1);

        Assert.True(one.Distinct().Count() > 30);
        foreach (int batchSize in new[] { 2, 7, 64 })
            Assert.Equal(one, Run(batchSize));
    }

    [Fact]
    public void ARowsOwnPatternCountsInPlaceOfTheOptions()
    {
        var options = new SamplingOptions { Pattern = "a+", MaxLength = 5, Seed = 1 };
        string[] patterns = ["b{3}", "[0-9]{2}", "c?d"];
        GenerationRequest[] requests = [.. patterns.Select((pattern, row) => new GenerationRequest(default, (ulong)row, Pattern: pattern)),
            new GenerationRequest(default, 9)];

        string[] texts = [.. Write(Rows, options, 4, requests).Select(result => result.Samples[0].Text)];

        for (int i = 0; i < 4; i++)
            Assert.Matches(PatternTexts.Whole(i < 3 ? patterns[i] : "a+"), texts[i]);
    }

    [Theory]
    [InlineData("ab", "ab[0-9]{2}", "[0-9]{2}")]
    [InlineData("", "ab", "ab")]
    [InlineData("ab", "ab", "")]
    [InlineData("Ä-ab", "Ä-ab[0-9]|c", "[0-9]")]   // the model knows neither Ä nor the hyphen
    [InlineData("x😀", "x😀ab?", "ab?")]
    [InlineData("a\n", "(?m)a$\n^b", "b")]
    [InlineData("a", "^a^b|ac", "c")]
    public void ThePatternMayBeThatOfPromptAndTextTogether(string prompt, string pattern, string rest)
    {
        foreach (TextFraming framing in new[] { Rows, Stream })
        {
            foreach (int beams in new[] { 1, 3 })
            {
                var options = new SamplingOptions
                {
                    Pattern = pattern,
                    PatternIncludesPrompt = true,
                    MaxLength = 8,
                    Seed = 2,
                    Beams = beams,
                    IncludePrompt = true
                };
                GeneratedText text = Write(framing, options, 1, new GenerationRequest(prompt.AsMemory()))[0].Samples[0];
                Assert.StartsWith(prompt, text.Text, StringComparison.Ordinal);
                Assert.Matches(PatternTexts.Whole(rest), text.Text[prompt.Length..]);

                using var session = new GenerationSession(Model(framing), framing);
                session.Append(prompt);
                if (beams == 1)
                    Assert.Equal(text, session.Generate(options) is var written ? written with { Text = prompt + written.Text } : null);
            }
        }
    }

    [Fact]
    public void WithoutThePromptTheTextAloneMatches()
    {
        var options = new SamplingOptions { Pattern = "^[0-9]{3}$", MaxLength = 8, Seed = 2 };
        Assert.Matches(PatternTexts.Whole("[0-9]{3}"), Write(Rows, options, 1, new GenerationRequest("ab".AsMemory()))[0].Samples[0].Text);
    }

    [Theory]
    [InlineData("[a-h]{3}", FinishReason.Pattern, 3)]
    [InlineData("[a-h]{8}", FinishReason.Length, 8)]
    [InlineData("[a-h]+", FinishReason.Length, 8)]
    [InlineData("(abc){1,5}", FinishReason.Pattern, 6)]   // a third one would not fit
    [InlineData("", FinishReason.Pattern, 0)]
    public void ARunningTextEndsWhereNothingCanFollow(string pattern, FinishReason reason, int length)
    {
        var options = new SamplingOptions { Pattern = pattern, MaxLength = 8, Seed = 2 };
        GeneratedText sampled = Write(Stream, options, 1, new GenerationRequest("ab".AsMemory()))[0].Samples[0];
        options.Beams = 4;
        GeneratedText found = Write(Stream, options, 1, new GenerationRequest("ab".AsMemory()))[0].Samples[0];

        foreach (GeneratedText text in new[] { sampled, found })
        {
            Assert.Matches(PatternTexts.Whole(pattern), text.Text);
            Assert.Equal((reason, length), (text.FinishReason, text.Length));
        }
    }

    [Fact]
    public void WithAnEndTokenThatOneEndsTheText()
    {
        GeneratedText text =
            Write(Rows, new SamplingOptions { Pattern = "a{3}", MaxLength = 8 }, 1, new GenerationRequest(default))[0].Samples[0];

        Assert.Equal(("aaa", FinishReason.EndToken), (text.Text, text.FinishReason));
    }

    // "a;b" has a stop string in it, but what stands before that does not match.
    [Theory]
    [InlineData("[a-h]+", ";", "[a-h]+")]
    [InlineData("[a-h]+", "\n.", "[a-h]+")]
    [InlineData("a;[a-h]{2,}", ";", "a;[a-h]{2,}")]
    [InlineData("(ab;)*", ";;", "(ab;)*")]
    [InlineData("[a-h;]{2,}", ";a", "[a-h;]{2,}")]
    public void AStopStringEndsATextOnlyWhereThatMatches(string pattern, string stop, string expected)
    {
        var options = new SamplingOptions
        {
            Pattern = pattern,
            MaxLength = 12,
            Seed = 2,
            StopStrings = [stop, "7"],
            NumSamples = 200,
            MinLength = 2,
            Temperature = 3
        };
        var reasons = new HashSet<FinishReason>();
        foreach (TextFraming framing in new[] { Rows, Stream })
        {
            foreach (GeneratedText text in Write(framing, options, 16, new GenerationRequest("a".AsMemory()))[0].Samples)
            {
                Assert.Matches(PatternTexts.Whole(expected), text.Text);
                Assert.InRange(text.Length, 2, 12);
                reasons.Add(text.FinishReason);
            }
        }

        Assert.Contains(FinishReason.StopString, reasons);
    }

    [Fact]
    public void FiltersChooseAmongWhatThePatternLeaves()
    {
        foreach (SamplingOptions options in new SamplingOptions[]
        {
            new() { TopK = 1 }, new() { TopP = 1e-9 }, new() { MinP = 1 }, new() { TypicalP = 1e-9 }, new() { NoRepeatNgram = 1 },
            new() { RepetitionPenalty = 1e30 },
            new() { Temperature = 0 }, new() { Temperature = 1e300 }, new() { Temperature = 1e-300, TopK = 2 }, new() { Beams = 3 },
        })
        {
            options.Pattern = "(a|b)a{5}[0-9]{1,3}";
            options.Seed = 1;
            foreach (TextFraming framing in new[] { Rows, Stream })
            {
                string text = Write(framing, options, 1, new GenerationRequest("ab".AsMemory()))[0].Samples[0].Text;
                Assert.Matches(PatternTexts.Whole(options.Pattern), text);
            }
        }
    }

    [Theory]
    [InlineData("[a-h]{2}(é|ü{2})", 0, 9, "can't be matched: the model's vocabulary has no character for 'é'.")]
    [InlineData("a{12}", 0, 9, "needs at least 12 characters, but Sampling.MaxLength is 9.")]
    [InlineData("a{1,3}", 5, 9, "has no text of at least 5 characters, which Sampling.MinLength asks for.")]
    [InlineData("a|b{9}", 3, 8, "needs at least 9 characters, but Sampling.MaxLength is 8.")]
    [InlineData("a^b", 0, 9, "can't be matched: no text at all matches it.")]
    [InlineData("a", 0, 0, "needs at least 1 character, but Sampling.MaxLength is 0.")]
    public void APatternThatNoTextCanMatchIsAnError(string pattern, int minLength, int maxLength, string message)
    {
        var options = new SamplingOptions { Pattern = pattern, MinLength = minLength, MaxLength = maxLength };
        foreach (int beams in new[] { 1, 2 })
        {
            options.Beams = beams;
            var e = Assert.Throws<OptionsException>(() => Write(Rows, options, 1, new GenerationRequest(default, 4)));
            Assert.StartsWith($"Sampling.Pattern '{pattern}' of the row with key 4 {message}", e.Message, StringComparison.Ordinal);
        }

        using var session = new GenerationSession(Model(Rows), Rows);
        options.Beams = 1;
        var inSession = Assert.Throws<OptionsException>(() => session.Generate(options));
        Assert.StartsWith($"Sampling.Pattern '{pattern}' {message}", inSession.Message, StringComparison.Ordinal);
        // The session goes on.
        Assert.NotNull(session.Generate(new SamplingOptions()));
    }

    [Theory]
    [InlineData("ac", "ab[0-9]", "can't be matched by a text that begins with 'ac'.")]
    [InlineData("éa", "ab", "can't be matched by a text that begins with 'éa'.")]
    [InlineData("ab", "ab[0-9]{9}", "needs at least 9 characters after 'ab', but Sampling.MaxLength is 5.")]
    public void APromptThatBreaksThePatternIsAnError(string prompt, string pattern, string message)
    {
        var options = new SamplingOptions { Pattern = pattern, PatternIncludesPrompt = true, MaxLength = 5 };
        var e = Assert.Throws<OptionsException>(() => Write(Rows, options, 1, new GenerationRequest(prompt.AsMemory(), 7)));
        Assert.StartsWith($"Sampling.Pattern '{pattern}' of the row with key 7 {message}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a(?=b)",
        "'a(?=b)' has a look-ahead '(?=' at offset 1, which is not regular. Patterns may have characters, classes, groups,")]
    [InlineData("a(", "'a(' is not a regular expression: Invalid pattern 'a(' at offset 2. Not enough )'s")]
    [InlineData("(a{1,1000}){1,1000}",
        "'(a{1,1000}){1,1000}' needs more than 100,000 states because of the repeat '{1,1000}' at offset 11.")]
    public void APatternThatIsNoneIsAFaultOfTheOptions(string pattern, string message)
    {
        var faults = new OptionFaults();
        new SamplingOptions { Pattern = pattern, TopK = -1 }.Check(faults);
        IReadOnlyList<OptionFault> found = Assert.Throws<OptionsException>(() => faults.ThrowIfAny("options")).Faults;
        Assert.Equal(["TopK", "Pattern"], found.Select(fault => fault.Property));
        Assert.StartsWith(message, found[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASessionWritesWhatTheGeneratorWrites()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var options = new SamplingOptions
            {
                Pattern = "[a-h]{2,}[0-9]+[;.]?",
                MaxLength = 30,
                Seed = seed,
                StopStrings = [";", "9.\n"]
            };
            foreach (TextFraming framing in new[] { Rows, Stream })
            {
                GeneratedText expected = Write(framing, options, 3, new GenerationRequest("ab".AsMemory()))[0].Samples[0];
                using var session = new GenerationSession(Model(framing), framing);
                session.Append("ab");
                using GenerationSession fork = session.Fork();
                Assert.Equal(expected, session.Generate(options));
                string pieces = "";
                await foreach (string piece in fork.GenerateAsync(options))
                    pieces += piece;
                Assert.Equal(expected.Text, pieces);
            }
        }
    }

    /// <summary>With the prompt included, all that the session has read and written counts.</summary>
    [Fact]
    public void ASessionsWholeTextMayMatch()
    {
        using var session = new GenerationSession(Model(Stream), Stream);
        var options = new SamplingOptions { Pattern = "ab[0-9]{2}é?(;[0-9]{2})*", PatternIncludesPrompt = true, MaxLength = 3, Seed = 4 };
        session.Append("ab12é");
        Assert.Matches("^;[0-9]{2}$", session.Generate(options).Text);
        session.Append(";3");
        Assert.Matches("^[0-9]$", session.Generate(options).Text);
        session.Append("x");
        Assert.Throws<OptionsException>(() => session.Generate(options));
        session.Reset();
        session.Append("ab1");
        Assert.Matches("^[0-9]$", session.Generate(options).Text);
    }

    private static GenerationResult[] Write(TextFraming framing, SamplingOptions options, int batchSize,
        params GenerationRequest[] requests) =>
        [.. new TextGenerator(Model(framing), framing, options, batchSize).Generate(requests)];

    private static ContextModel Model(TextFraming framing) => new(framing.Vocabulary.Size, 2, context =>
    {
        var random = new CounterRandom((ulong)((context[0] * 1000) + context[1] + 7), 0, 1);
        return [.. Enumerable.Range(0, framing.Vocabulary.Size).Select(_ => (float)random.NextNormal() * 3)];
    });
}
