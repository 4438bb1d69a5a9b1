using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

public class GenerationSessionTests
{
    private const string Lines = "one and two\nthree and four\nfive and six\nseven and eight\n";

    private static readonly CharVocabulary Vocabulary = new(Lines.EnumerateRunes(), UnknownCharacterPolicy.Skip);

    private static readonly TextFraming Framing = new(Vocabulary, DataMode.Stream);

    private static readonly CharVocabulary PairVocabulary =
        new("0123456789+=".EnumerateRunes(), UnknownCharacterPolicy.Token, startAndEnd: true);

    [Theory]
    [InlineData("three ")]
    [InlineData("")]
    public void ItWritesWhatTheGeneratorWrites(string prompt)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        for (int seed = 0; seed < 20; seed++)
        {
            var options = new SamplingOptions
            {
                Seed = seed,
                TopP = 0.95,
                RepetitionPenalty = 1.1,
                NoRepeatNgram = 5,
                StopStrings = ["and f"]
            };
            using var session = new GenerationSession(Model(), Framing);
            session.Append(prompt);

            GeneratedText written = session.Generate(options);

            Assert.Equal(new TextGenerator(Model(), Framing, options, 4).Generate(new GenerationRequest(prompt.AsMemory())).Samples[0],
                written);
            texts.Add(written.Text);
        }

        Assert.True(texts.Count > 5);
    }

    [Fact]
    public async Task ThePiecesTogetherAreTheText()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var options = new SamplingOptions { Seed = seed, MaxLength = 90, StopStrings = ["\nse", "and e", "x\n"] };
            using var session = new GenerationSession(Model(), Framing);
            session.Append("on");
            GeneratedText whole = session.Generate(options);
            string after = Describe(session);

            session.Reset();
            session.Append("on");
            string pieces = "";
            await foreach (string piece in session.GenerateAsync(options))
            {
                Assert.NotEmpty(piece);
                pieces += piece;
                Assert.StartsWith(pieces, whole.Text, StringComparison.Ordinal);
            }

            Assert.Equal(whole.Text, pieces);
            Assert.Equal(after, Describe(session));
        }
    }

    /// <summary>However a text came about, the session stands where one does that has read it.</summary>
    [Fact]
    public async Task WhatWasWrittenIsAsIfItHadBeenRead()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var options = new SamplingOptions { Seed = seed, MaxLength = 30, StopStrings = ["and fi", "\nt", "seven"] };
            using var session = new GenerationSession(Model(), Framing);
            session.Append("five");
            string text = "five" + session.Generate(options).Text;
            session.Append(" and");
            text += " and";
            await foreach (string piece in session.GenerateAsync(options))
            {
                text += piece;
                if (text.Length > 30)
                    break;
            }

            using var reader = new GenerationSession(Model(), Framing);
            reader.Append(text);
            Assert.Equal(Describe(reader), Describe(session));
            Assert.Equal(reader.Generate(options), session.Generate(options));
        }
    }

    [Fact]
    public async Task CancellingKeepsWhatWasHandedOut()
    {
        ContextModel model = Model();
        using var source = new CancellationTokenSource();
        using var session = new GenerationSession(model, Framing);
        session.Append("one");
        int start = model.Steps;
        model.OnStep = () =>
        {
            if (model.Steps == start + 40)
                source.Cancel();
        };

        string text = "one";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string piece in session.GenerateAsync(new SamplingOptions { Seed = 1, MaxLength = 1000 }, source.Token))
                text += piece;
        });

        Assert.Equal(3 + 41, text.Length);
        using var reader = new GenerationSession(Model(), Framing);
        reader.Append(text);
        Assert.Equal(Describe(reader), Describe(session));
    }

    [Theory]
    [InlineData("one")]
    [InlineData("")]
    public void ACancelledGenerateLeavesTheTextAsItWas(string prompt)
    {
        ContextModel model = Model();
        using var source = new CancellationTokenSource();
        using var session = new GenerationSession(model, Framing);
        session.Append(prompt);
        model.OnStep = () =>
        {
            if (model.Steps == 20)
                source.Cancel();
        };

        Assert.Throws<OperationCanceledException>(() => session.Generate(new SamplingOptions { Seed = 1, MaxLength = 1000 }, source.Token));

        model.OnStep = null;
        using var fresh = new GenerationSession(Model(), Framing);
        fresh.Append(prompt);
        session.Append("\nse");
        fresh.Append("\nse");
        Assert.Equal(Describe(fresh), Describe(session));
        Assert.Equal(fresh.Generate(new SamplingOptions { Seed = 3 }), session.Generate(new SamplingOptions { Seed = 3 }));
    }

    [Fact]
    public void NothingIsReadTwice()
    {
        ContextModel model = Model();
        using var session = new GenerationSession(model, Framing);

        session.Append(new string('o', 500));
        session.Generate(new SamplingOptions { MaxLength = 10 });
        session.Append("one");
        session.Generate(new SamplingOptions { MaxLength = 10 });

        Assert.Equal(500 + 10 + 3 + 10, model.Steps);
    }

    [Fact]
    public void AForkGoesItsOwnWay()
    {
        ContextModel model = Model();
        var options = new SamplingOptions { Seed = 2 };
        var session = new GenerationSession(model, Framing);
        session.Append("three");
        GenerationSession fork = session.Fork();

        GeneratedText ofFork = fork.Generate(options);
        session.Append("!");
        session.Append(" and");
        fork.Dispose();

        using var reader = new GenerationSession(model, Framing);
        reader.Append("three and");
        Assert.Equal(Describe(reader), Describe(session));
        Assert.Equal(1, session.UnknownCharacters);
        session.Reset();
        session.Append("three");
        Assert.Equal(ofFork, session.Generate(options));
        session.Dispose();
        reader.Dispose();
        Assert.Equal(0, model.LiveSessions);
    }

    [Fact]
    public void NextCharacterProbabilitiesAreTheModelsAndLeaveTheTextAlone()
    {
        ContextModel model = ContextModel.Train(Vocabulary, 1, Lines);
        using var session = new GenerationSession(model, Framing);
        IReadOnlyList<CharacterProbability> first = session.NextCharacterProbabilities(3);
        // After a line feed t, f and s came once, and each character has 0.05 beside.
        Assert.Equal(["f", "s", "t"], first.Select(p => p.Character.ToString()!));
        Assert.Equal(1.05 / (3 + (0.05 * Vocabulary.Size)), first[0].Probability, 5);

        session.Append("on");
        Assert.Equal("d", session.NextCharacterProbabilities(1)[0].Character.ToString());
        Assert.Equal(1, session.NextCharacterProbabilities(1000).Sum(p => p.Probability), 5);
        using var reader = new GenerationSession(model, Framing);
        reader.Append("on");
        Assert.Equal(reader.Generate(new SamplingOptions { Seed = 1 }), session.Generate(new SamplingOptions { Seed = 1 }));
        Assert.Empty(session.NextCharacterProbabilities(0));
    }

    [Fact]
    public void APairModelAnswersOneQuestionAfterTheOther()
    {
        var log = new List<string>();
        var echo = new ContextModel(PairVocabulary.Size, 6, context =>
        {
            log.Add(string.Concat(context.Select(id => id < 0 ? "." : id == PairVocabulary.StartId ? ">" : PairVocabulary.Decode([id]))));
            float[] logits = new float[PairVocabulary.Size];
            logits[context[^1] == PairVocabulary.StartId ? PairVocabulary.Encode("7")[0] : PairVocabulary.EndId!.Value] = 99;
            return logits;
        });
        using var session = new GenerationSession(echo, new TextFraming(PairVocabulary, DataMode.Pairs));

        session.Append("1+1=");
        Assert.Equal("7", session.NextCharacterProbabilities(1)[0].Character.ToString());
        Assert.Equal("7", session.Generate().Text);
        Assert.Equal("..1+1=", log[0]);
        Assert.Equal(".1+1=>", log[1]);
        Assert.Equal("1+1=>7", log[^1]);
        session.Append("2+3=");
        GeneratedText answer = session.Generate();

        Assert.Equal(("7", FinishReason.EndToken), (answer.Text, answer.FinishReason));
        Assert.Equal("2+3=>7", log[^1]);
        Assert.Null(session.NextCharacterProbabilities(1)[0].Character);
    }

    [Fact]
    public async Task OneThingAtATime()
    {
        using var session = new GenerationSession(Model(), Framing);
        await foreach (string _ in session.GenerateAsync(new SamplingOptions { MaxLength = 100 }))
        {
            Assert.Contains("being written", Assert.Throws<InvalidOperationException>(() => session.Append("a")).Message,
                StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => session.Generate());
            Assert.Throws<InvalidOperationException>(session.Fork);
            break;
        }

        session.Append("a");
    }

    [Fact]
    public async Task WithoutOptionsThoseOfTheStartHold()
    {
        var options = new SamplingOptions { Seed = 4, MaxLength = 17, NumSamples = 3 };
        string expected = new TextGenerator(Model(), Framing, options, 4).Generate(new GenerationRequest("se".AsMemory())).Samples[0].Text;
        using var session = new GenerationSession(Model(), Framing, start: options);

        session.Append("se");
        Assert.Equal(expected, session.Generate().Text);
        session.Reset();
        session.Append("se");
        string pieces = "";
        await foreach (string piece in session.GenerateAsync())
            pieces += piece;
        Assert.Equal(expected, pieces);
        using GenerationSession fork = session.Fork();
        fork.Reset();
        fork.Append("se");
        Assert.Equal(expected, fork.Generate().Text);
    }

    [Fact]
    public void WrongOptionsAreRefusedAtOnce()
    {
        using var session = new GenerationSession(Model(), Framing);

        Assert.Contains("Beams", Assert.Throws<OptionsException>(() => session.GenerateAsync(new SamplingOptions { Beams = 2 })).Message,
            StringComparison.Ordinal);
        Assert.Contains("Temperature", Assert.Throws<OptionsException>(() =>
            session.GenerateAsync(new SamplingOptions { Temperature = -2 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownCharacterThatIsRefusedChangesNothing()
    {
        var strict = new CharVocabulary("ab".EnumerateRunes(), UnknownCharacterPolicy.Throw);
        ContextModel model = ContextModel.Train(strict, 1, "abab");
        using var session = new GenerationSession(model, new TextFraming(strict, DataMode.Stream));
        session.Append("ab");
        string before = Describe(session);

        Assert.Throws<ArgumentException>(() => session.Append("ab?"));

        Assert.Equal(before, Describe(session));
    }

    [Fact]
    public void DisposingTwiceIsHarmlessAndUseAfterwardsIsNot()
    {
        ContextModel model = Model();
        var owner = new CountingDisposable();
        var session = new GenerationSession(model, Framing, owner: owner);
        session.Dispose();
        session.Dispose();

        Assert.Equal((0, 1), (model.LiveSessions, owner.Count));
        Assert.Throws<ObjectDisposedException>(() => session.Append("a"));
        Assert.Throws<ObjectDisposedException>(() => session.Generate());
        Assert.Throws<ObjectDisposedException>(session.Reset);
    }

    private static ContextModel Model() => ContextModel.Train(Vocabulary, 3, Lines);

    private static string Describe(GenerationSession session) => string.Join(' ', session.NextCharacterProbabilities(5));

    private sealed class CountingDisposable : IDisposable
    {
        public int Count { get; private set; }

        public void Dispose() => Count++;
    }
}
