namespace RnnLm.Onnx.Graphs;

/// <summary>A value in a graph: an input, a constant, or what a node makes.</summary>
/// <param name="Name">Its name; empty for an input of a node that is left out.</param>
internal readonly record struct Value(string Name)
{
    public static Value None => new("");
}
