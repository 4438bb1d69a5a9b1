using RnnLm.Modeling;

namespace RnnLm.Tests;

/// <summary>Weights that any language computes alike: element i of tensor n is 2^-32 · ((2654435761 i + 2246822519 n + 374761393) mod 2^32)
/// - ½, times a scale.</summary>
internal static class HashedWeights
{
    public static ModelWeights Make(ModelConfig config, float scale = 1)
    {
        var weights = new ModelWeights(config);
        uint tensor = 0;
        foreach (WeightTensor t in weights)
        {
            for (int i = 0; i < t.Values.Length; i++)
            {
                uint hash = unchecked((2654435761u * (uint)i) + (2246822519u * tensor) + 374761393u);
                t.Values[i] = (float)(scale * ((hash / 4294967296.0) - 0.5));
            }

            tensor++;
        }

        return weights;
    }
}
