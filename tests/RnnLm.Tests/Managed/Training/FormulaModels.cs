using RnnLm.Data;
using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>Small models and batches made by formulas, so that PyTorch's side of a comparison can make the same.</summary>
internal static class FormulaModels
{
    /// <summary>Weights that look random and depend on nothing but the tensor's place: 0.4 · sin(0.7 · (i + 1) + tensor).</summary>
    public static ModelWeights Weights(ModelConfig config)
    {
        var weights = new ModelWeights(config);
        int tensor = 0;
        foreach (WeightTensor t in weights)
        {
            for (int i = 0; i < t.Values.Length; i++)
                t.Values[i] = (float)(0.4 * Math.Sin((0.7 * (i + 1)) + tensor));
            tensor++;
        }

        return weights;
    }

    /// <summary>A batch of tokens (7·t·t + 3·b + 1) mod V, whose targets are the next token; every 11th target is ignored.</summary>
    public static Minibatch Batch(ModelConfig config, int length, int size, int[]? lengths = null, bool carry = false)
    {
        int[] inputs = new int[length * size], targets = new int[length * size];
        for (int t = 0; t < length; t++)
        {
            for (int b = 0; b < size; b++)
            {
                int i = (t * size) + b;
                bool inside = lengths is null || t < lengths[b];
                inputs[i] = inside ? Token(config, t, b) : 0;
                targets[i] = inside && i % 11 != 5 ? Token(config, t + 1, b) : Minibatch.Ignore;
            }
        }

        bool classifies = config.Task == ModelTask.Classification;
        return new()
        {
            Length = length,
            BatchSize = size,
            Inputs = inputs,
            Targets = classifies ? [] : targets,
            Lengths = lengths,
            CarryState = carry,
            Conditions = config.Conditions > 0 ? [.. Enumerable.Range(0, size).Select(b => b % config.Conditions)] : null,
            Labels = classifies ? [.. Enumerable.Range(0, size).Select(b => (5 * b + 1) % config.Classes)] : null,
        };
    }

    private static int Token(ModelConfig config, int t, int b) => ((7 * t * t) + (3 * b) + 1) % config.VocabularySize;
}
