namespace RnnLm.MLNet.Transformers;

/// <summary>An option that names a column to add.</summary>
/// <param name="Key">What a model file calls the column.</param>
/// <param name="Option">The property that names it.</param>
internal record OutputOption(string Key, string Option) : ColumnOption(Key, Option);
