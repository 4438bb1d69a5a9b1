using System.Text;
using RnnLm.Engines;
using RnnLm.Features;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Managed;
using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.Scoring;
using RnnLm.Text;

namespace RnnLm.Tests.Generation;

/// <summary>The whole of sampling on the managed engine, with weights drawn at random: large enough that continuations differ at the least
/// difference of a logit.</summary>
public class ManagedEngineSamplingTests
{
    private static readonly CharVocabulary RowVocabulary =
        new(Enumerable.Range(' ', 60).Select(c => new Rune(c)), UnknownCharacterPolicy.Token, startAndEnd: true);

    private static readonly CharVocabulary StreamVocabulary =
        new(Enumerable.Range(' ', 60).Append('\n').Select(c => new Rune(c)), UnknownCharacterPolicy.Skip);

    public static TheoryData<CellType, int, int, DataMode> Models => new()
    {
        { CellType.Gru, 200, 140, DataMode.Rows },   // large enough that two threads share even one text
        { CellType.Lstm, 33, 0, DataMode.Stream },
        { CellType.Rnn, 40, 7, DataMode.Pairs },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void ContinuationsAreTheSameToTheBitForEveryBatchSizeAndNumberOfThreads(CellType cell, int hidden, int embedding, DataMode mode)
    {
        TextFraming framing = Framing(mode);
        var options = new SamplingOptions
        {
            Seed = 77,
            Temperature = 0.9,
            MaxLength = 25,
            NumSamples = 2,
            TopP = 0.98,
            StopStrings = ["AB", "7"]
        };
        string[]? expected = null;
        foreach (int threads in new[] { 1, 2 })
        {
            using ILanguageModelRuntime model = Model(framing, cell, hidden, embedding, threads);
            foreach (int batchSize in new[] { 1, 7, 64, 1000 })
            {
                string[] written = [.. new TextGenerator(model, framing, options, batchSize).Generate(Requests(120)).Select(Describe)];
                expected ??= written;
                Assert.Equal(expected, written);
            }
        }

        Assert.InRange(expected!.Distinct(StringComparer.Ordinal).Count(), 100, 120);
    }

    [Fact]
    public async Task SessionGeneratorAndScorerAgree()
    {
        TextFraming framing = Framing(DataMode.Rows);
        using ILanguageModelRuntime model = Model(framing, CellType.Lstm, 40, 16, threads: 2);
        var generator = new TextGenerator(model, framing, new SamplingOptions { Seed = 5, MaxLength = 60 }, 16);
        var scorer = new TextScorer(model, framing, 16);
        for (int i = 0; i < 20; i++)
        {
            string prompt = "PROMPT"[..(i % 6)];
            GeneratedText expected = generator.Generate(new GenerationRequest(prompt.AsMemory())).Samples[0];
            using var session = new GenerationSession(model, framing);
            session.Append(prompt);
            Assert.Equal(expected, session.Generate(new SamplingOptions { Seed = 5, MaxLength = 60 }));

            session.Reset();
            session.Append(prompt);
            string pieces = "";
            await foreach (string piece in session.GenerateAsync(new SamplingOptions { Seed = 5, MaxLength = 60 }))
                pieces += piece;
            Assert.Equal(expected.Text, pieces);

            TextScore score = scorer.Score(new ScoreRequest(expected.Text.AsMemory(), prompt.AsMemory()));
            Assert.Equal(expected.Length + 1, score.Count);
            if (expected.FinishReason == FinishReason.EndToken)
                Assert.Equal(expected.LogProbability, score.LogProbability);
        }
    }

    [Fact]
    public void ScoresAndFeaturesAreTheSameToTheBitForEveryBatchSizeAndNumberOfThreads()
    {
        TextFraming framing = Framing(DataMode.Rows);
        string[]? expected = null;
        foreach (int threads in new[] { 1, 2 })
        {
            using ILanguageModelRuntime model = Model(framing, CellType.Gru, 48, 16, threads);
            foreach (int batchSize in new[] { 1, 7, 64 })
            {
                IEnumerable<TextScore> scores =
                    new TextScorer(model, framing, batchSize).Score(Requests(200).Select(r => new ScoreRequest(r.Prompt)));
                IEnumerable<EncodedText> features =
                    new TextEncoder(model, framing, batchSize, Pooling.Mean).Encode(Requests(200).Select(r => new EncodeRequest(r.Prompt)));
                string[] found = [.. scores.Zip(features,
                    (s, f) => $"{s.LogProbability:R} {s.LeastLikelyPosition} {string.Join(' ', f.Features)}")];
                expected ??= found;
                Assert.Equal(expected, found);
            }
        }
    }

    [Fact]
    public void ManyThreadsShareAModelAndAGenerator()
    {
        TextFraming framing = Framing(DataMode.Rows);
        using ILanguageModelRuntime model = Model(framing, CellType.Gru, 32, 16, threads: 2);
        var generator = new TextGenerator(model, framing, new SamplingOptions { Seed = 5, MaxLength = 20 }, 1);
        GenerationRequest[] requests = [.. Requests(200)];
        string[] alone = [.. requests.Select(request => Describe(generator.Generate(request)))];
        string[] together = new string[requests.Length];

        Parallel.For(0, requests.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => together[i] = Describe(generator.Generate(requests[i])));

        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData(InitialState.Zeros, InitialState.Ones)]
    [InlineData(InitialState.Learned, InitialState.Zeros)]
    [InlineData(InitialState.Ones, null)]
    public void TextsStartFromTheStateAskedFor(InitialState trained, InitialState? asked)
    {
        TextFraming framing = Framing(DataMode.Stream);
        using ILanguageModelRuntime model = Model(framing, CellType.Lstm, 20, 0, threads: 1, trained);
        using IInferenceSession session = model.CreateSession(1);
        float[] state = new float[session.StateSize];
        if ((asked ?? trained) == InitialState.Ones)
            state.AsSpan(0, 20).Fill(1);   // hidden ones, cell zeros
        session.WriteState(0, state);
        float[] logits = new float[framing.Vocabulary.Size];
        session.Step(framing.Vocabulary.Encode("A"), logits);
        var options = new SamplingOptions { Temperature = 0, MaxLength = 1, InitialState = asked };

        string text = new TextGenerator(model, framing, options, 1).Generate(new GenerationRequest("A".AsMemory())).Samples[0].Text;

        Assert.Equal(framing.Vocabulary.Decode([logits.AsSpan().IndexOf(logits.Max())]), text);
    }

    private static IEnumerable<GenerationRequest> Requests(int count) =>
        Enumerable.Range(0, count).Select(i =>
        new GenerationRequest("THE QUICK BROWN FOX".AsMemory(i % 10, i % 9), (ulong)i, MaxLength: i % 11 == 0 ? 60 : null));

    private static TextFraming Framing(DataMode mode) => new(mode == DataMode.Stream ? StreamVocabulary : RowVocabulary, mode);

    private static ILanguageModelRuntime Model(TextFraming framing, CellType cell, int hidden, int embedding, int threads,
        InitialState initial = InitialState.Zeros)
    {
        var config = new ModelConfig
        {
            Cell = cell,
            VocabularySize = framing.Vocabulary.Size,
            HiddenSize = hidden,
            EmbeddingSize = embedding,
            InitialState = initial,
        };
        var weights = new ModelWeights(config);
        ulong number = 0;
        foreach (WeightTensor tensor in weights)
        {
            var random = new CounterRandom(9, number++, RandomPurpose.Weights);
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)(random.NextNormal() * (tensor.Name.StartsWith("output", StringComparison.Ordinal) ? 0.6 : 0.3));
        }

        return new ManagedEngine().LoadLanguageModel(config, weights, new InferenceOptions { Threads = threads });
    }

    private static string Describe(GenerationResult result) =>
        string.Join('|', result.Samples.Select(s =>
        $"{s.Text}/{s.FinishReason}/{s.Length}/{BitConverter.DoubleToInt64Bits(s.LogProbability):x}"));
}
