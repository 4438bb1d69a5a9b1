using System.Text.Json;
using RnnLm.Data;
using RnnLm.Engines;
using RnnLm.Managed.Inference;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Tests;

/// <summary>Compares with what PyTorch computed; Fixtures/make_inference_fixture.py wrote it down.</summary>
public sealed class PyTorchInferenceTests
{
    private const int Vocabulary = 11, HiddenSize = 19, Steps = 5, Lanes = 2, Classes = 3;
    private static readonly int[] s_lengths = [6, 4, 1];
    private static readonly JsonElement s_fixture =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "inference.json"))).RootElement;

    [Fact]
    public void LogitsAgree()
    {
        JsonElement[] cases = [.. s_fixture.GetProperty("languageModels").EnumerateArray()];
        Assert.Equal(12, cases.Length);
        foreach (JsonElement expected in cases)
        {
            ModelConfig config =
                Config(expected) with { InitialState = expected.GetProperty("ones").GetBoolean() ? InitialState.Ones : InitialState.Zeros };
            using var model = new ManagedLanguageModel(config, HashedWeights.Make(config), 1, VectorMath.Lanes);
            using IInferenceSession session = model.CreateSession(Lanes);
            float[] logits = new float[Lanes * Vocabulary];
            for (int t = 0; t < Steps; t++)
                session.Step([.. Enumerable.Range(0, Lanes).Select(b => ((3 * t) + (5 * b)) % Vocabulary)], logits);
            AssertClose(expected.GetProperty("logits"), logits);
        }
    }

    [Fact]
    public void PackedBidirectionalClassifiersAgree()
    {
        JsonElement[] cases = [.. s_fixture.GetProperty("classifiers").EnumerateArray()];
        Assert.Equal(9, cases.Length);
        int[] inputs = [.. Enumerable.Range(0, s_lengths[0] * s_lengths.Length)
            .Select(i => ((3 * (i / s_lengths.Length)) + (5 * (i % s_lengths.Length))) % Vocabulary)];
        var batch = new Minibatch
        {
            Length = s_lengths[0],
            BatchSize = s_lengths.Length,
            Inputs = inputs,
            Targets = [],
            Lengths = s_lengths
        };
        foreach (JsonElement expected in cases)
        {
            ModelConfig config = Config(expected) with
            {
                Task = ModelTask.Classification,
                Bidirectional = true,
                Classes = Classes,
                Pooling = Enum.Parse<Pooling>(expected.GetProperty("pooling").GetString()!),
            };
            using var model = new ManagedClassifier(config, HashedWeights.Make(config), VectorMath.Lanes);
            float[] probabilities = new float[s_lengths.Length * Classes];
            model.Classify(batch, probabilities);
            AssertClose(expected.GetProperty("probabilities"), probabilities);
        }
    }

    private static ModelConfig Config(JsonElement fixture)
    {
        string cell = fixture.GetProperty("cell").GetString()!;
        return new ModelConfig
        {
            Cell = cell == "Relu" ? CellType.Rnn : Enum.Parse<CellType>(cell),
            Nonlinearity = cell == "Relu" ? Nonlinearity.Relu : Nonlinearity.Tanh,
            VocabularySize = Vocabulary,
            HiddenSize = HiddenSize,
            Layers = fixture.GetProperty("layers").GetInt32(),
            EmbeddingSize = fixture.GetProperty("embedding").GetInt32(),
        };
    }

    private static void AssertClose(JsonElement expected, float[] actual)
    {
        float[] values = [.. expected.EnumerateArray().Select(v => v.GetSingle())];
        Assert.Equal(values.Length, actual.Length);
        double scale = Math.Max(1, values.Max(Math.Abs));
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], actual[i], 1e-5 * scale);
    }
}
