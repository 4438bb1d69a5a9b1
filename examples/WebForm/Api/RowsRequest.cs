namespace WebForm.Api;

/// <summary>Rows to write, as the query of an address.</summary>
/// <param name="Count">How many; 20 where nothing is said.</param>
/// <param name="Seed">What the rows depend on; another one each time where nothing is said.</param>
/// <param name="Unique">Whether no row comes twice; true where nothing is said.</param>
/// <param name="New">Whether no row is in the training data; where nothing is said, true if the model knows those.</param>
internal sealed record RowsRequest(int? Count, long? Seed, bool? Unique, bool? New);
