using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>
/// The order in which the outputs of a layer are stored for the kernels. Units stand in groups of up to four vectors; within a group gate
/// follows gate, so that all that a unit needs lies together. The last group is as narrow as it can be, its last vector padded with zeros.
/// </summary>
/// <param name="Units">The number of hidden units, or of outputs.</param>
/// <param name="Gates">The number of gates of a unit.</param>
/// <param name="Lanes">The number of floats of a vector.</param>
internal readonly record struct StripLayout(int Units, int Gates, int Lanes)
{
    /// <summary>The vectors of a full group.</summary>
    public const int MostVectors = 4;

    private int AllVectors => (Units + Lanes - 1) / Lanes;

    /// <summary>Gets the number of groups.</summary>
    public int Groups => (AllVectors + MostVectors - 1) / MostVectors;

    /// <summary>Gets the number of units of a full group.</summary>
    public int GroupUnits => MostVectors * Lanes;

    /// <summary>Gets the number of units, padding included.</summary>
    public int PaddedUnits => AllVectors * Lanes;

    /// <summary>Gets the number of outputs, padding included.</summary>
    public int Size => PaddedUnits * Gates;

    /// <summary>Returns the number of vectors of a group.</summary>
    public int Vectors(int group) => Math.Min(MostVectors, AllVectors - (group * MostVectors));

    /// <summary>Returns where a group's strip for a gate begins.</summary>
    public int Offset(int group, int gate) => ((group * MostVectors * Gates) + (gate * Vectors(group))) * Lanes;

    /// <summary>Returns where the output for a gate of a unit is.</summary>
    public int Index(int gate, int unit) => Offset(unit / GroupUnits, gate) + (unit % GroupUnits);

    /// <summary>Packs weights as each strip reads them, input by input.</summary>
    /// <param name="weights">In PyTorch's layout. // [Gates · Units, inputs]</param>
    /// <param name="inputs">The number of inputs.</param>
    public unsafe AlignedBuffer<float> Pack(ReadOnlySpan<float> weights, int inputs)
    {
        var packed = new AlignedBuffer<float>((long)Size * inputs);
        for (int gate = 0; gate < Gates; gate++)
        {
            for (int unit = 0; unit < Units; unit++)
            {
                int group = unit / GroupUnits, width = Vectors(group) * Lanes;
                float* to = packed.Pointer + ((long)Offset(group, gate) * inputs) + (unit % GroupUnits);
                foreach (float weight in weights.Slice(((gate * Units) + unit) * inputs, inputs))
                {
                    *to = weight;
                    to += width;
                }
            }
        }

        return packed;
    }
}
