namespace RnnLm.Onnx;

/// <summary>What a graph reads.</summary>
public enum OnnxGraph
{
    /// <summary>Texts, a string each. Splitting them into characters takes the operator <c>Tokenizer</c>, which ONNX Runtime and ML.NET
    /// have; others may not.</summary>
    Text,

    /// <summary>Ids of characters, with the length of each text. All operators are ONNX's own.</summary>
    Ids,

    /// <summary>One id of each text, with the state of the network after the ids before it: the graph from which an application writes
    /// text. For language models.</summary>
    Step,
}
