using System.Runtime.Intrinsics;
using RnnLm.Modeling;
using RnnLm.Numerics;

namespace RnnLm.Managed.Inference;

/// <summary>One direction of a recurrent layer with its weights packed for inference. Never written after it is made, and used by many
/// threads at once.</summary>
internal abstract unsafe class PackedLayer
{
    /// <summary>Up to this many floats, the input products of all tokens are kept in a table; above, an embedded token is multiplied when
    /// it is read.</summary>
    public const long LargestTable = 32L << 20;

    private readonly AlignedBuffer<float> _recurrent;
    private readonly AlignedBuffer<float>? _input;
    private readonly AlignedBuffer<float>? _table;
    private readonly AlignedBuffer<float> _bias;
    private readonly AlignedBuffer<float> _separateBias;

    private protected PackedLayer(ModelConfig config, ModelWeights weights, int layer, int direction, int lanes)
    {
        string suffix = $"_l{layer}{(direction == 1 ? "_reverse" : "")}";
        Layout = new StripLayout(config.HiddenSize, config.Gates, lanes);
        Hidden = config.HiddenSize;
        Inputs = config.InputSize(layer);
        _recurrent = Layout.Pack(weights["rnn.weight_hh" + suffix].Values, Hidden);
        (_bias, _separateBias) = PackBiases(config.Cell, weights["rnn.bias_ih" + suffix].Values, weights["rnn.bias_hh" + suffix].Values);

        float[] input = weights["rnn.weight_ih" + suffix].Values;
        if (layer > 0)
            _input = Layout.Pack(input, Inputs);
        else if (config.EmbeddingSize == 0)
            _table = OneHotTable(input, config.VocabularySize);
        else if ((long)config.VocabularySize * Layout.Size <= LargestTable)
            _table = EmbeddingTable(input, weights["embedding.weight"].Values, config.VocabularySize);
        else
            _input = Layout.Pack(input, Inputs);
    }

    /// <summary>Gets the order of the hidden units.</summary>
    public StripLayout Layout { get; }

    /// <summary>Gets the number of hidden units.</summary>
    public int Hidden { get; }

    /// <summary>Gets the width of the input.</summary>
    public int Inputs { get; }

    /// <summary>Gets whether the input is a token, looked up in a table, and not a vector.</summary>
    public bool ReadsTokens => _table is not null;

    /// <summary>Gets the number of multiplications that one row takes.</summary>
    public long Work => (long)Layout.Size * (Hidden + (ReadsTokens ? 0 : Inputs));

    private protected float* Recurrent => _recurrent.Pointer;

    private protected float* Input => _input is null ? null : _input.Pointer;

    private protected float* Table => _table is null ? null : _table.Pointer;

    private protected float* Bias => _bias.Pointer;

    private protected float* SeparateBias => _separateBias.Pointer;

    /// <summary>Packs a layer for the vectors of a width: 16, 8 or 4 floats.</summary>
    public static PackedLayer Create(ModelConfig config, ModelWeights weights, int layer, int direction, int lanes) => lanes switch
    {
        16 => Create<Simd512, Vector512<float>>(config, weights, layer, direction),
        8 => Create<Simd256, Vector256<float>>(config, weights, layer, direction),
        _ => Create<Simd128, Vector128<float>>(config, weights, layer, direction),
    };

    /// <summary>Steps rows by one token each.</summary>
    /// <param name="step">The rows and their states.</param>
    /// <param name="firstGroup">The first group of units to compute.</param>
    /// <param name="lastGroup">The group of units to stop before.</param>
    public abstract void Step(in LayerStep step, int firstGroup, int lastGroup);

    private static PackedLayer Create<TSimd, TVector>(ModelConfig config, ModelWeights weights, int layer, int direction)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged => config.Cell switch
        {
            CellType.Lstm => new PackedLayer<LstmGates, TSimd, TVector>(config, weights, layer, direction),
            CellType.Gru => new PackedLayer<GruGates, TSimd, TVector>(config, weights, layer, direction),
            _ when config.Nonlinearity == Nonlinearity.Relu =>
                new PackedLayer<ReluGates, TSimd, TVector>(config, weights, layer, direction),
            _ => new PackedLayer<TanhGates, TSimd, TVector>(config, weights, layer, direction),
        };

    /// <summary>Adds both biases together where the cell adds them anyway: everywhere but in a GRU's n, whose recurrent part is multiplied
    /// by r.</summary>
    private (AlignedBuffer<float> Together, AlignedBuffer<float> Separate) PackBiases(CellType cell, float[] input, float[] recurrent)
    {
        float[] separate = cell == CellType.Gru ? recurrent[(2 * Hidden)..] : [];
        float[] together = [.. input];
        for (int i = 0; i < together.Length - separate.Length; i++)
            together[i] += recurrent[i];
        return (Layout.Pack(together, 1),
            separate.Length == 0 ? new AlignedBuffer<float>(0) : (Layout with { Gates = 1 }).Pack(separate, 1));
    }

    private AlignedBuffer<float> OneHotTable(float[] input, int vocabulary)
    {
        // Each column of the weights is a row of the table.
        var table = new AlignedBuffer<float>((long)vocabulary * Layout.Size);
        for (int output = 0; output < Layout.Gates * Hidden; output++)
        {
            int at = Layout.Index(output / Hidden, output % Hidden);
            for (int token = 0; token < vocabulary; token++)
                table.Pointer[((long)token * Layout.Size) + at] = input[((long)output * vocabulary) + token] + Bias[at];
        }

        return table;
    }

    private AlignedBuffer<float> EmbeddingTable(float[] input, float[] embedding, int vocabulary)
    {
        var table = new AlignedBuffer<float>((long)vocabulary * Layout.Size);
        AlignedBuffer<float> packed = Layout.Pack(input, Inputs);
        fixed (float* x = embedding)
        {
            for (int token = 0; token < vocabulary; token++)
                _bias.Span.CopyTo(table.Span.Slice(token * Layout.Size, Layout.Size));
            AddInputProducts(vocabulary, x, packed.Pointer, table.Pointer);
        }

        return table;
    }

    /// <summary>Adds the product with the input weights to rows in this layer's order. // x: [rows, Inputs], z: [rows,
    /// Layout.Size]</summary>
    private protected abstract void AddInputProducts(int rows, float* x, float* weights, float* z);
}
