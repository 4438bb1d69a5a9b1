using RnnLm.MLNet.DataViews;

namespace RnnLm.MLNet.Transformers;

/// <summary>An option that names a column to read.</summary>
/// <param name="Key">What a model file calls the column.</param>
/// <param name="Option">The property that names it.</param>
/// <param name="Column">Makes the column from its name: a <see cref="RequestColumn"/>, or one that only training reads.</param>
internal sealed record InputOption(string? Key, string Option, Func<string, InputColumn> Column) : ColumnOption(Key, Option)
{
    /// <summary>Returns the column; null where there is no such column.</summary>
    public InputColumn? In(IReadOnlyDictionary<string, string> names) => NameIn(names) is { } name ? Column(name) : null;
}
