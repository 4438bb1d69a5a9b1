namespace RnnLm.Onnx.Graphs;

/// <summary>What a recurrent layer makes of texts.</summary>
/// <param name="Outputs">The hidden states at all positions. // [T, N, D·H]</param>
/// <param name="Hidden">The hidden states after the last position. // [D, N, H]</param>
/// <param name="Cell">The cell states after the last position, of an LSTM. // [D, N, H]</param>
internal readonly record struct LayerValues(Value Outputs, Value Hidden, Value Cell);
