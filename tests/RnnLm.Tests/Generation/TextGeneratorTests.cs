using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Modeling;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

public class TextGeneratorTests
{
    private static readonly string[] Names = ["anna", "anton", "berta", "bert", "carla", "carl", "dora", "dorothea", "emil", "emilia"];

    private static readonly CharVocabulary Vocabulary =
        new(Names.SelectMany(name => name.EnumerateRunes()), UnknownCharacterPolicy.Token, startAndEnd: true);

    private static readonly TextFraming Framing = new(Vocabulary, DataMode.Rows);

    public static TheoryData<SamplingOptions> ManyOptions => new()
    {
        new SamplingOptions { Seed = 5, MaxLength = 30 },
        new SamplingOptions
        {
            Seed = 5,
            MaxLength = 30,
            NumSamples = 5,
            TopP = 0.9,
            RepetitionPenalty = 1.2,
            NoRepeatNgram = 3,
            StopStrings = ["nn", "a"]
        },
        new SamplingOptions { Seed = 5, MaxLength = 30, NumSamples = 3, InitialState = InitialState.Normal },
        new SamplingOptions { Seed = 5, MaxLength = 30, Beams = 3, NumSamples = 2 },
        new SamplingOptions { Temperature = 0 },
    };

    [Theory]
    [MemberData(nameof(ManyOptions), DisableDiscoveryEnumeration = true)]
    public void ResultsDoNotDependOnTheBatchSize(SamplingOptions options)
    {
        string[] Run(int batchSize) =>
            [.. new TextGenerator(NameModel(), Framing, options, batchSize).Generate(Prompts(100)).Select(Describe)];
        string[] one = Run(1);

        Assert.True(one.Distinct(StringComparer.Ordinal).Count() > 9);
        foreach (int batchSize in new[] { 2, 7, 64, 1000 })
            Assert.Equal(one, Run(batchSize));
    }

    [Fact]
    public void ResultsComeInTheOrderOfTheRequestsAndDoNotDependOnIt()
    {
        var generator = new TextGenerator(NameModel(), Framing, new SamplingOptions { Seed = 1 }, 8);
        GenerationRequest[] requests = [.. Prompts(50)];

        string[] forwards = [.. generator.Generate(requests).Select(Describe)];
        string[] backwards = [.. generator.Generate(requests.Reverse()).Select(Describe)];

        Assert.Equal(forwards, backwards.Reverse());
        Assert.Equal(forwards[17], Describe(generator.Generate(requests[17])));
    }

    [Fact]
    public void SeedKeyPromptAndSampleEachMakeADifference()
    {
        string Write(long seed, ulong key, string prompt, int sample)
        {
            var options = new SamplingOptions { Seed = seed, NumSamples = 2, MaxLength = 40, MinLength = 40 };
            return new TextGenerator(NameModel(), Framing, options,
                4).Generate(new GenerationRequest(prompt.AsMemory(), key)).Samples[sample].Text;
        }

        string[] all = [Write(1, 1, "an", 0), Write(2, 1, "an", 0), Write(1, 2, "an", 0), Write(1, 1, "be", 0), Write(1, 1, "an", 1)];

        Assert.Equal(5, all.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(all[0], Write(1, 1, "an", 0));
    }

    [Fact]
    public void TheFirstSamplesDoNotDependOnTheirNumber()
    {
        string[] Run(int samples) =>
            [.. Write(NameModel(), "d", new SamplingOptions { Seed = 3, NumSamples = samples }).Samples.Select(s => s.Text)];

        Assert.Equal(Run(3), Run(9).Take(3));
        Assert.Equal(Run(1), Run(9).Take(1));
    }

    [Fact]
    public void WithoutASeedEachRunDiffers()
    {
        var options = new SamplingOptions { MinLength = 60, MaxLength = 60 };
        var generator = new TextGenerator(NameModel(), Framing, options, 4);
        var request = new GenerationRequest("a".AsMemory());

        Assert.NotEqual(generator.Generate(request).Samples[0].Text, generator.Generate(request).Samples[0].Text);
    }

    [Fact]
    public void FrequenciesFitTheModel()
    {
        // After the start token each of a to e came twice in ten names; 0.05 is added to the count of each character and of the end token.
        GenerationResult result =
            Write(NameModel(), "", new SamplingOptions { Seed = 8, NumSamples = 20_000, MaxLength = 1 }, batchSize: 64);
        string[] outcomes = [.. Vocabulary.Characters.Select(c => c.ToString()), ""];
        double[] weights = [.. outcomes.Select(o => o.Length == 1 && o[0] is >= 'a' and <= 'e' ? 2.05 : 0.05)];

        int[] counts = [.. outcomes.Select(o => result.Samples.Count(s => s.Text.Equals(o, StringComparison.Ordinal)))];

        Assert.InRange(ChiSquare.Excess(counts, [.. weights.Select(w => w / weights.Sum())]), 0, 1);
        Assert.Equal(20_000, counts.Sum());
    }

    [Theory]
    [InlineData("", "anna", FinishReason.EndToken, 100, 0)]
    [InlineData("an", "na", FinishReason.EndToken, 100, 0)]
    [InlineData("", "ann", FinishReason.Length, 3, 0)]
    [InlineData("", "anna", FinishReason.Length, 4, 0)]
    [InlineData("", "", FinishReason.Length, 0, 0)]
    [InlineData("", "a", FinishReason.StopString, 100, 0, "nn")]
    [InlineData("", "", FinishReason.StopString, 100, 0, "a")]
    [InlineData("", "ann", FinishReason.StopString, 100, 1, "a")]
    [InlineData("", "", FinishReason.StopString, 100, 0, "n", "an")]
    [InlineData("", "an", FinishReason.StopString, 100, 2, "na", "nna", "a")]
    [InlineData("", "anna", FinishReason.EndToken, 100, 0, "annas und berta", "ann?")]
    [InlineData("an", "n", FinishReason.Length, 1, 0, "ann")]
    [InlineData("", "ann", FinishReason.Length, 3, 0, "nna")]
    public void TextsEndByTheEndTokenTheirLengthOrAStopString(string prompt, string text, FinishReason reason, int maxLength, int minLength,
    params string[] stops)
    {
        ContextModel model = ContextModel.Train(Vocabulary, 2, "anna");
        var options = new SamplingOptions { Temperature = 0, MaxLength = maxLength, MinLength = minLength, StopStrings = stops };

        GeneratedText written = Write(model, prompt, options).Samples[0];

        Assert.Equal((text, reason, text.Length), (written.Text, written.FinishReason, written.Length));
    }

    [Fact]
    public void TheLogProbabilityIsThatOfTheTextKeptAndItsEnd()
    {
        ContextModel model = ContextModel.Train(Vocabulary, 2, "anna");
        double each = Math.Log(1.05 / (1 + (0.05 * Vocabulary.Size)));

        Assert.Equal(5 * each, Write(model, "", new SamplingOptions { Temperature = 0 }).Samples[0].LogProbability, 4);
        Assert.Equal(2 * each,
            Write(model, "", new SamplingOptions { Temperature = 0.01, MaxLength = 2, TopK = 1 }).Samples[0].LogProbability, 4);
        Assert.Equal(1 * each, Write(model, "", new SamplingOptions { Temperature = 0, StopStrings = ["nn"] }).Samples[0].LogProbability,
            4);
    }

    [Fact]
    public void MinLengthKeepsTheEndAway()
    {
        GenerationResult result =
            Write(NameModel(), "", new SamplingOptions { Seed = 1, NumSamples = 200, MinLength = 12, MaxLength = 15 });

        Assert.All(result.Samples, sample => Assert.InRange(sample.Length, 12, 15));
        Assert.Contains(result.Samples, sample => sample.FinishReason == FinishReason.EndToken);
    }

    [Fact]
    public void ThePromptStandsBeforeTheTextWhereAskedFor()
    {
        ContextModel model = ContextModel.Train(Vocabulary, 2, "anna");

        Assert.Equal("an?na",
            Write(model, "an?", new SamplingOptions { Temperature = 0, IncludePrompt = true, MaxLength = 0 }).Samples[0].Text + "na");
        GeneratedText text = Write(model, "an", new SamplingOptions { Temperature = 0, IncludePrompt = true }).Samples[0];
        Assert.Equal(("anna", 2), (text.Text, text.Length));
    }

    [Fact]
    public void RowsMayHaveTheirOwnTemperatureAndLength()
    {
        var generator = new TextGenerator(NameModel(), Framing, new SamplingOptions { Seed = 4, MaxLength = 9, MinLength = 9 }, 4);
        GenerationRequest[] requests = [new("a".AsMemory()), new("a".AsMemory(), MaxLength: 3), new("a".AsMemory(), Temperature: 0),
            new("a".AsMemory(), MaxLength: 0)];

        string[] texts = [.. generator.Generate(requests).Select(r => r.Samples[0].Text)];

        Assert.Equal([9, 3, 9, 0], texts.Select(t => t.Length));
        Assert.Equal(texts[0][..3], texts[1]);
        var greedy = new TextGenerator(NameModel(), Framing, new SamplingOptions { Temperature = 0, MaxLength = 9, MinLength = 9 }, 4);
        Assert.Equal(greedy.Generate(requests[0]).Samples[0].Text, texts[2]);
    }

    [Theory]
    [InlineData(double.NaN, 1, "Sampling.Temperature of the row with key 77")]
    [InlineData(double.PositiveInfinity, 1, "Sampling.Temperature of the row with key 77")]
    [InlineData(-1.0, 1, "Sampling.Temperature of the row with key 77")]
    [InlineData(1.0, -1, "Sampling.MaxLength of the row with key 77")]
    [InlineData(1.0, 51, "MaxLengthLimit")]
    public void ARowsOwnSettingsAreChecked(double temperature, int maxLength, string expected)
    {
        var generator = new TextGenerator(NameModel(), Framing, new SamplingOptions { MaxLength = 10, MaxLengthLimit = 50 }, 4);

        var fault = Assert.Throws<OptionsException>(() => generator.Generate(new GenerationRequest(default, 77, temperature, maxLength)));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunningTextWithoutPromptFollowsTheRowSeparator()
    {
        var vocabulary = new CharVocabulary("abc\n; ".EnumerateRunes(), UnknownCharacterPolicy.Skip);
        ContextModel model = ContextModel.Train(vocabulary, 1, "\nabc", ";cab", " bca");

        string Opened(CharVocabulary v, string separator) => v.Decode(new TextFraming(v, DataMode.Stream, separator).Opening);

        var options = new SamplingOptions { Temperature = 0, MaxLength = 1 };
        Assert.Equal("a", Text(new TextFraming(vocabulary, DataMode.Stream), ""));
        Assert.Equal("a", Text(new TextFraming(vocabulary, DataMode.Stream), "???"));
        Assert.Equal("c", Text(new TextFraming(vocabulary, DataMode.Stream, ";"), ""));
        Assert.Equal("b", Text(new TextFraming(vocabulary, DataMode.Stream, ";"), " "));
        Assert.Equal(" ", Opened(new CharVocabulary("a b".EnumerateRunes()), "\n"));
        Assert.Equal("a", Opened(new CharVocabulary("bca".EnumerateRunes()), "\n"));
        Assert.Equal("b\n", Opened(new CharVocabulary("bca\n".EnumerateRunes()), "b\n"));

        string Text(TextFraming framing, string prompt) =>
            new TextGenerator(model, framing, options, 1).Generate(new GenerationRequest(prompt.AsMemory())).Samples[0].Text;
    }

    [Fact]
    public void OfAPairTheStartTokenFollowsThePrompt()
    {
        var tokens = new List<int>();
        var model = new ContextModel(Vocabulary.Size, 8, context =>
        {
            tokens = [.. context];
            return new float[Vocabulary.Size];
        });
        new TextGenerator(model, new TextFraming(Vocabulary, DataMode.Pairs), new SamplingOptions { MaxLength = 1 },
            1).Generate(new GenerationRequest("an".AsMemory()));

        int[] prompt = Vocabulary.Encode("an");
        Assert.Equal([-1, -1, -1, -1, -1, prompt[0], prompt[1], Vocabulary.StartId!.Value], tokens);
    }

    [Fact]
    public void UnknownCharactersAreCountedByThePolicy()
    {
        Assert.Equal(2, Write(NameModel(), "a?n!", new SamplingOptions()).UnknownCharacters);

        var strict = new CharVocabulary("an".EnumerateRunes(), UnknownCharacterPolicy.Throw);
        var generator = new TextGenerator(new ContextModel(2, 1, _ => [0f, 0f]), new TextFraming(strict, DataMode.Stream),
            new SamplingOptions(), 1);
        var fault = Assert.Throws<ArgumentException>(() => generator.Generate(new GenerationRequest("ana?".AsMemory())));
        Assert.Contains("'?' (U+003F) at position 3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CharactersAreNeverSplit()
    {
        var vocabulary = new CharVocabulary("a😀é𝄞".EnumerateRunes(), UnknownCharacterPolicy.Skip);
        ContextModel model = ContextModel.Train(vocabulary, 1, "a😀é𝄞a😀é𝄞");

        GeneratedText text = new TextGenerator(model, new TextFraming(vocabulary, DataMode.Stream),
            new SamplingOptions { Temperature = 0, MaxLength = 5 }, 1)
            .Generate(new GenerationRequest("\ud83da😀".AsMemory())).Samples[0];

        Assert.Equal(("é𝄞a😀é", 5), (text.Text, text.Length));
    }

    [Fact]
    public void APromptOfAMillionCharactersKeepsOnlyAState()
    {
        var model = NameModel();
        string prompt = string.Concat(Enumerable.Repeat("anna", 250_000));
        var generator = new TextGenerator(model, Framing, new SamplingOptions { MaxLength = 3, MinLength = 3 }, 1);
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();

        GeneratedText text = generator.Generate(new GenerationRequest(prompt.AsMemory())).Samples[0];

        Assert.Equal(3, text.Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(3, model.StepsWithLogits);
    }

    [Fact]
    public void APromptIsReadOnceForAllSamples()
    {
        ContextModel model = NameModel();
        GenerationResult result =
            Write(model, "dorothea", new SamplingOptions { Seed = 2, NumSamples = 10, MinLength = 5, MaxLength = 5 }, batchSize: 10);

        Assert.Equal(10, result.Samples.Count);
        Assert.Equal(9 + (10 * 4), model.LanesStepped);   // start token and prompt once; the fifth character need not be fed
        Assert.Equal(9 + 4, model.Steps);
    }

    [Fact]
    public void LanesAreRefilledAsTextsEnd()
    {
        ContextModel model = NameModel();
        int[] lengths = [4, 1, 1, 2, 4, 1, 3, 2, 1, 1];
        var requests = lengths.Select((length, i) => new GenerationRequest(default, (ulong)i, MaxLength: length));
        var options = new SamplingOptions { Seed = 1, MinLength = 4, MaxLength = 4 };

        int count = new TextGenerator(model, Framing, options, 2).Generate(requests).Count();

        Assert.Equal(10, count);
        // Each text takes as many steps as it has characters; two lanes are never waiting for each other.
        Assert.Equal(lengths.Sum(), model.LanesStepped);
        Assert.Equal(lengths.Sum() / 2, model.Steps);
    }

    [Fact]
    public void RequestsAreReadNoFurtherAheadThanTwoBatches()
    {
        int pulled = 0;
        IEnumerable<GenerationRequest> Source()
        {
            while (true)
                yield return new GenerationRequest(default, (ulong)pulled, MaxLength: pulled++ == 0 ? 1000 : 1);
        }

        var options = new SamplingOptions { Seed = 1, MinLength = 1000, MaxLength = 1000 };
        ContextModel model = NameModel();
        using IEnumerator<GenerationResult> results = new TextGenerator(model, Framing, options, 4).Generate(Source()).GetEnumerator();

        Assert.Equal(0, pulled);
        Assert.True(results.MoveNext());
        Assert.InRange(pulled, 5, 8);
        for (int i = 1; i < 5; i++)
            Assert.True(results.MoveNext());
        Assert.InRange(pulled, 5, 13);
    }

    [Fact]
    public void NothingIsDoneBeforeAResultIsAskedForAndSessionsAreDisposed()
    {
        ContextModel model = NameModel();
        foreach (int beams in new[] { 1, 2 })
        {
            var generator = new TextGenerator(model, Framing, new SamplingOptions { Seed = 1, Beams = beams }, 4);
            IEnumerable<GenerationResult> results = generator.Generate(Prompts(100));
            Assert.Equal(0, model.Steps);

            Assert.Equal(3, results.Take(3).Count());

            Assert.Equal(0, model.LiveSessions);
            model = NameModel();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CancellingStopsAtTheNextStep(int beams)
    {
        ContextModel model = NameModel();
        using var source = new CancellationTokenSource();
        model.OnStep = () =>
        {
            if (model.Steps == 20)
                source.Cancel();
        };
        var generator = new TextGenerator(model, Framing, new SamplingOptions { MaxLength = 100_000, MinLength = 100_000, Beams = beams },
            4);

        Assert.Throws<OperationCanceledException>(() => generator.Generate(Prompts(3), source.Token).Count());
        Assert.Equal(21, model.Steps);
        Assert.Equal(0, model.LiveSessions);
    }

    [Fact]
    public void ConditionsAndInitialStatesReachTheModel()
    {
        // The test's model starts from a state of the condition plus one: as if that token had been read.
        var vocabulary = new CharVocabulary("abc".EnumerateRunes(), UnknownCharacterPolicy.Skip, startAndEnd: true);
        ModelConfig config = new() { Cell = CellType.Gru, VocabularySize = 5, HiddenSize = 2, Conditions = 3 };
        var model = new ContextModel(5, 2, context => [0, 0, 0, context[0] == 1 ? 9 : 0, context[0] == 0 ? 9 : 1]) { Config = config };
        var framing = new TextFraming(vocabulary, DataMode.Rows);
        var options = new SamplingOptions { Temperature = 0, MaxLength = 1 };

        string Write(int condition) =>
            new TextGenerator(model, framing, options, 1).Generate(new GenerationRequest(default, Condition: condition)).Samples[0].Text;
        Assert.Equal("b", Write(1));
        Assert.Equal("c", Write(0));
        Assert.Contains("conditions 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => Write(3)).Message, StringComparison.Ordinal);

        options.InitialState = InitialState.Ones;
        Assert.Contains("InitialState", Assert.Throws<OptionsException>(() => Write(1)).Message, StringComparison.Ordinal);
        var free = new ContextModel(5, 2, context => [0, 0, 0, 1, context[0] == 0 ? 9 : 0]);   // ones: as if the first token had been read
        Assert.Equal("c", new TextGenerator(free, framing, options, 1).Generate(new GenerationRequest(default)).Samples[0].Text);
    }

    private static ContextModel NameModel() => ContextModel.Train(Vocabulary, 2, Names);

    private static GenerationResult Write(ContextModel model, string prompt, SamplingOptions options, int batchSize = 4) =>
        new TextGenerator(model, Framing, options, batchSize).Generate(new GenerationRequest(prompt.AsMemory()));

    private static IEnumerable<GenerationRequest> Prompts(int count) =>
        Enumerable.Range(0, count).Select(i => new GenerationRequest(Names[i % 10].AsMemory(0, i % 4), (ulong)i));

    private static string Describe(GenerationResult result) =>
        string.Join('|', result.Samples.Select(s =>
        $"{s.Text}/{s.FinishReason}/{s.Length}/{BitConverter.DoubleToInt64Bits(s.LogProbability):x}"));
}
