using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>What one row asks of a model.</summary>
internal readonly record struct TextRequest
{
    /// <summary>Gets the row's id, by which ML.NET knows it however the rows are ordered.</summary>
    public DataViewRowId Id { get; init; }

    /// <summary>Gets the row's text; empty where it is missing.</summary>
    public string Text { get; init; }

    /// <summary>Gets what makes the row's random numbers its own.</summary>
    public ulong Key { get; init; }

    /// <summary>Gets the row's temperature, where a column gives one; NaN where it is missing.</summary>
    public float? Temperature { get; init; }

    /// <summary>Gets the row's bound on new characters, where a column gives one.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Gets what the text is conditioned on, where a column says so.</summary>
    public string? Condition { get; init; }

    /// <summary>Gets what stands before the text, where a column has it.</summary>
    public string? Context { get; init; }

    /// <summary>Gets what the continuation must match, where a column says so; empty where it is missing.</summary>
    public string? Pattern { get; init; }
}
