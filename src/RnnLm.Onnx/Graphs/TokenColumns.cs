namespace RnnLm.Onnx.Graphs;

/// <summary>Tokens of texts that lie one below the other, as they come in: between those that are read there may be others.</summary>
/// <param name="Ids">The ids; of a token that is not read, any id. // [N, T]</param>
/// <param name="IsRead">Whether a token is read. // [N, T]</param>
internal readonly record struct TokenColumns(Value Ids, Value IsRead);
