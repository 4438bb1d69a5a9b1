using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>What one row asks of a model.</summary>
/// <param name="Id">The row's id, by which ML.NET knows it however the rows are ordered.</param>
/// <param name="Text">The row's text; empty where it is missing.</param>
/// <param name="Key">What makes the row's random numbers its own.</param>
/// <param name="Temperature">The row's temperature, where a column gives one.</param>
/// <param name="MaximumLength">The row's bound on new characters, where a column gives one.</param>
/// <param name="Condition">What the text is conditioned on, where a column says so.</param>
/// <param name="Context">What stands before the text, where a column has it.</param>
/// <param name="Pattern">What the continuation must match, where a column says so; empty where it is missing.</param>
internal readonly record struct TextRequest(
    DataViewRowId Id, string Text, ulong Key, float? Temperature = null, int? MaximumLength = null, string? Condition = null, string? Context = null,
    string? Pattern = null);
