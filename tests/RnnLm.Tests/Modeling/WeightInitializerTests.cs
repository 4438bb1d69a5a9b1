using RnnLm.Modeling;

namespace RnnLm.Tests.Modeling;

public class WeightInitializerTests
{
    private static readonly ModelConfig Config = new()
    {
        Cell = CellType.Gru, VocabularySize = 50, HiddenSize = 64, EmbeddingSize = 32, Layers = 2, InitialState = InitialState.Learned,
            Conditions = 5,
    };

    [Fact]
    public void PyTorchsDefaultsAreUniformByWidthAndNormalForTheEmbedding()
    {
        ModelWeights weights = WeightInitializer.Draw(Config, WeightInitialization.PyTorch, 0.01, 3);

        foreach (WeightTensor tensor in weights.Where(t => t.Name.StartsWith("rnn.", StringComparison.Ordinal)
            || t.Name.StartsWith("output.", StringComparison.Ordinal)))
        {
            Assert.InRange(tensor.Values.Max(), 0.1f, 0.125f);
            Assert.InRange(tensor.Values.Min(), -0.125f, -0.1f);
        }

        float[] embedding = weights["embedding.weight"].Values;
        Assert.InRange(embedding.Sum(v => v * v) / embedding.Length, 0.9, 1.1);
        Assert.All(weights["initial_state"].Values, v => Assert.Equal(0, v));
    }

    [Fact]
    public void OrthogonalRecurrentMatricesAreOrthogonalGateByGate()
    {
        float[] w = WeightInitializer.Draw(Config, WeightInitialization.Orthogonal, 0.01, 3)["rnn.weight_hh_l1"].Values;   // [3H, H]
        const int H = 64;
        for (int gate = 0; gate < 3; gate++)
        {
            for (int i = 0; i < H; i += 7)
            {
                for (int j = 0; j < H; j += 5)
                {
                    double dot = Enumerable.Range(0, H).Sum(k => (double)w[(((gate * H) + i) * H) + k] * w[(((gate * H) + j) * H) + k]);
                    Assert.Equal(i == j ? 1 : 0, dot, 5);
                }
            }
        }
    }

    [Fact]
    public void NormalHasItsDeviationAndNoBias()
    {
        ModelWeights weights = WeightInitializer.Draw(Config, WeightInitialization.Normal, 0.02, 3);

        float[] values = weights["rnn.weight_hh_l0"].Values;
        Assert.InRange(Math.Sqrt(values.Sum(v => v * v) / values.Length), 0.019, 0.021);
        Assert.All(weights["rnn.bias_hh_l0"].Values, v => Assert.Equal(0, v));
    }

    [Fact]
    public void ASeedGivesTheSameWeightsAndAnotherSeedOthers()
    {
        float[] Draw(ulong seed) => WeightInitializer.Draw(Config, WeightInitialization.PyTorch, 0.01, seed)["output.weight"].Values;

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }
}
