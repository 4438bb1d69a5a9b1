namespace RnnLm.MLNet.Transformers;

/// <summary>An option that names a column.</summary>
/// <param name="Key">What a model file calls the column, which never changes; null for a column that no file knows.</param>
/// <param name="Option">The property that names it.</param>
internal abstract record ColumnOption(string? Key, string Option)
{
    /// <summary>Gets whether the option must name one; else null stands for none, or for that of another model.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Gets the name where a model file has none; null for a column that may be left out.</summary>
    public string? Default { get; init; }

    /// <summary>Returns the name of the column; null where there is no such column.</summary>
    public string? NameIn(IReadOnlyDictionary<string, string> names) => Key is null ? null : names.GetValueOrDefault(Key);
}
