using System.Text;
using RnnLm.Engines;
using RnnLm.Generation;
using RnnLm.Lanes;
using RnnLm.Managed;
using RnnLm.Modeling;
using RnnLm.Numerics;
using RnnLm.Text;

namespace RnnLm.TorchSharp.Tests;

public sealed class TorchSharpSamplingTests
{
    private static readonly CharVocabulary Vocabulary = new(Enumerable.Range(' ', 60).Select(c => new Rune(c)), startAndEnd: true);

    private static readonly TextFraming Framing = new(Vocabulary, DataMode.Rows);

    [LibTorchTheory]
    [InlineData(CellType.Gru)]
    [InlineData(CellType.Lstm)]
    public void TheGreedyTextIsThatOfTheManagedEngine(CellType cell)
    {
        var options = new SamplingOptions { Temperature = 0, MaxLength = 200, MinLength = 200 };
        foreach (string prompt in new[] { "", "THE", "QUICK" })
        {
            GeneratedText torch = Write(SmallModels.Engine, cell, options, prompt),
                managed = Write(new ManagedEngine(), cell, options, prompt);

            Assert.Equal(managed.Text, torch.Text);
            Assert.Equal(managed.LogProbability, torch.LogProbability, 1e-2);
        }
    }

    [LibTorchFact]
    public void WithASeedABatchIsWrittenAgain()
    {
        var options = new SamplingOptions { Seed = 3, MaxLength = 40, NumSamples = 3, StopStrings = ["A"] };
        using ILanguageModelRuntime model = Load(SmallModels.Engine, CellType.Lstm);
        string[] Run() => [.. new TextGenerator(model, Framing, options, 8)
            .Generate(Enumerable.Range(0, 30).Select(i => new GenerationRequest("PROMPT".AsMemory(i % 6), (ulong)i)))
            .SelectMany(result => result.Samples).Select(sample => sample.Text)];

        string[] first = Run();

        LiveTensors.AssertUnchangedBy(() => Assert.Equal(first, Run()));
        Assert.InRange(first.Distinct(StringComparer.Ordinal).Count(), 80, 90);
    }

    [LibTorchFact]
    public void TextsMatchTheirPattern()
    {
        var options = new SamplingOptions { Pattern = @"[A-Z]{2}-\d{3,6}(/[A-Z])?|X{30,40}", Seed = 3, MaxLength = 40, NumSamples = 3 };
        using ILanguageModelRuntime model = Load(SmallModels.Engine, CellType.Lstm);
        IEnumerable<GenerationRequest> requests = Enumerable.Range(0, 30)
            .Select(i => new GenerationRequest("PROMPT".AsMemory(i % 6), (ulong)i));
        GeneratedText[] texts = [.. new TextGenerator(model, Framing, options, 8).Generate(requests).SelectMany(result => result.Samples)];
        Assert.Equal(90, texts.Length);
        Assert.All(texts, text => Assert.Matches(@"^(?:[A-Z]{2}-\d{3,6}(/[A-Z])?|X{30,40})$", text.Text));

        options = new SamplingOptions { Pattern = options.Pattern, Temperature = 0, MaxLength = 40 };
        Assert.Equal(Write(new ManagedEngine(), CellType.Gru, options, "THE").Text,
            Write(SmallModels.Engine, CellType.Gru, options, "THE").Text);
    }

    private static GeneratedText Write(IEngine engine, CellType cell, SamplingOptions options, string prompt)
    {
        using ILanguageModelRuntime model = Load(engine, cell);
        return new TextGenerator(model, Framing, options, 1).Generate(new GenerationRequest(prompt.AsMemory())).Samples[0];
    }

    private static ILanguageModelRuntime Load(IEngine engine, CellType cell)
    {
        var config = new ModelConfig { Cell = cell, VocabularySize = Vocabulary.Size, HiddenSize = 40, Layers = 2, EmbeddingSize = 16 };
        var weights = new ModelWeights(config);
        ulong number = 0;
        foreach (WeightTensor tensor in weights)
        {
            var random = new CounterRandom(9, number++, RandomPurpose.Weights);
            for (int i = 0; i < tensor.Values.Length; i++)
                tensor.Values[i] = (float)(random.NextNormal() * (tensor.Name.StartsWith("output", StringComparison.Ordinal) ? 0.6 : 0.3));
        }

        return engine.LoadLanguageModel(config, weights, new InferenceOptions { Threads = 1 });
    }
}
