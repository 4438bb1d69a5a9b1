using RnnLm.Numerics;

namespace RnnLm.Modeling;

/// <summary>Draws the weights that training starts from.</summary>
internal static class WeightInitializer
{
    /// <summary>The spread of condition embeddings: small beside the states that a network comes to, large enough to tell conditions
    /// apart.</summary>
    private const double ConditionStandardDeviation = 0.1;

    public static ModelWeights Draw(ModelConfig config, WeightInitialization kind, double standardDeviation, ulong seed)
    {
        var weights = new ModelWeights(config);
        ulong number = 0;
        foreach (WeightTensor tensor in weights)
        {
            var random = new CounterRandom(seed, number++, RandomPurpose.Weights);
            Fill(tensor, config, kind, standardDeviation, ref random);
        }

        return weights;
    }

    private static void Fill(WeightTensor tensor, ModelConfig config, WeightInitialization kind, double standardDeviation,
        ref CounterRandom random)
    {
        bool bias = tensor.Name.Contains("bias", StringComparison.Ordinal);
        double recurrentBound = 1 / Math.Sqrt(config.HiddenSize);
        switch (tensor.Name)
        {
            case "initial_state":
                break;
            case "condition.weight":
                Normal(tensor.Values, ConditionStandardDeviation, ref random);
                break;
            case var _ when bias && kind != WeightInitialization.PyTorch:
                break;
            case var _ when kind == WeightInitialization.Normal:
                Normal(tensor.Values, standardDeviation, ref random);
                break;
            case var name when kind == WeightInitialization.Orthogonal && name.StartsWith("rnn.weight_hh", StringComparison.Ordinal):
                Orthogonal(tensor.Values, config.Gates, config.HiddenSize, ref random);
                break;
            case "embedding.weight" when !config.TieWeights:
                Normal(tensor.Values, 1, ref random);
                break;
            case "output.weight" or "output.bias":
                Uniform(tensor.Values, 1 / Math.Sqrt(config.HiddenSize * config.Directions), ref random);
                break;
            default:
                // Recurrent layers; and a tied embedding, which as standard normal would make an output layer of huge logits.
                Uniform(tensor.Values, recurrentBound, ref random);
                break;
        }
    }

    private static void Uniform(float[] values, double bound, ref CounterRandom random)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(((2 * random.NextDouble()) - 1) * bound);
    }

    private static void Normal(float[] values, double standardDeviation, ref CounterRandom random)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextNormal() * standardDeviation);
    }

    /// <summary>For each gate a random orthogonal matrix: normal rows made orthonormal one after the other (Gram and Schmidt).</summary>
    private static void Orthogonal(float[] values, int gates, int size, ref CounterRandom random)
    {
        var rows = new double[size][];
        for (int gate = 0; gate < gates; gate++)
        {
            for (int i = 0; i < size; i++)
            {
                rows[i] = new double[size];
                for (int j = 0; j < size; j++)
                    rows[i][j] = random.NextNormal();
                for (int k = 0; k < i; k++)
                {
                    double along = Dot(rows[i], rows[k]);
                    for (int j = 0; j < size; j++)
                        rows[i][j] -= along * rows[k][j];
                }

                double length = Math.Sqrt(Dot(rows[i], rows[i]));
                for (int j = 0; j < size; j++)
                    values[(((gate * size) + i) * size) + j] = (float)(rows[i][j] /= length);
            }
        }
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);
}
