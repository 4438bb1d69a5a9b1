namespace RnnLm.Onnx.Graphs;

/// <summary>The length of a dimension of an input or output: a number, or the name of a length that varies.</summary>
internal readonly record struct Dimension(long Length, string? Name)
{
    public static implicit operator Dimension(long length) => new(length, null);

    public static implicit operator Dimension(string name) => new(0, name);
}
