using System.Numerics.Tensors;

namespace RnnLm.Modeling;

/// <summary>One named array of weights, row-major, in PyTorch's layout.</summary>
internal sealed class WeightTensor
{
    /// <summary>Makes a tensor of zeros.</summary>
    /// <param name="name">PyTorch's parameter name, such as <c>rnn.weight_ih_l0</c>.</param>
    /// <param name="shape">The lengths of its dimensions.</param>
    public WeightTensor(string name, params int[] shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        Name = name;
        Shape = shape;
        Values = new float[shape.Aggregate(1, (product, length) => checked(product * length))];
    }

    private WeightTensor(string name, int[] shape, float[] values)
    {
        Name = name;
        Shape = shape;
        Values = values;
    }

    /// <summary>Gets PyTorch's parameter name.</summary>
    public string Name { get; }

    /// <summary>Gets the lengths of the dimensions.</summary>
    public int[] Shape { get; }

    /// <summary>Gets the values, the last dimension running fastest.</summary>
    public float[] Values { get; }

    /// <summary>Gets whether no value is NaN or infinity.</summary>
    internal bool IsFinite => TensorPrimitives.IsFiniteAll<float>(Values);

    /// <summary>Returns the same values under another name.</summary>
    internal WeightTensor Rename(string name) => new(name, Shape, Values);
}
