using Microsoft.ML;

namespace RnnLm.MLNet.DataViews;

/// <summary>
/// A data view with columns that are computed in batches, by reading its source twice: one cursor runs ahead over the columns that requests
/// are read from, and a twin carries all other columns in step with the answers. Where none of the added columns is read, nothing is
/// computed.
/// </summary>
internal sealed class BatchedDataView<TResult>(RowMapping<TResult> mapping, IDataView source) : IDataView
{
    public DataViewSchema Schema => mapping.OutputSchema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        List<DataViewSchema.Column> columns = [.. columnsNeeded];
        if (!mapping.AnyAdded(columns))
            return new BatchedCursor<TResult>(mapping, columns, source.GetRowCursor(mapping.PassedThrough(columns), rand), lookAhead: null);

        // Generators of the same seed shuffle both readings alike.
        int? seed = CanShuffle ? rand?.Next() : null;
        DataViewRowCursor Open(IEnumerable<DataViewSchema.Column> needed) =>
            source.GetRowCursor(needed, seed is { } s ? new Random(s) : null);

        // The text is kept with its request, so the twin need not carry it: what makes it may be costly, as another model is.
        IEnumerable<DataViewSchema.Column> twin = mapping.PassedThrough(columns)
            .Where(column => column.Index != mapping.Columns.Text.Index);
        return new BatchedCursor<TResult>(mapping, columns, Open(twin), Open(mapping.Columns.All));
    }

    /// <summary>Batches keep the processor's cores busy by themselves, so where columns are computed there is one cursor.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        List<DataViewSchema.Column> columns = [.. columnsNeeded];
        if (mapping.AnyAdded(columns))
            return [GetRowCursor(columns, rand)];
        DataViewRowCursor[] cursors = source.GetRowCursorSet(mapping.PassedThrough(columns), n, rand);
        return [.. cursors.Select(cursor => new BatchedCursor<TResult>(mapping, columns, cursor, lookAhead: null))];
    }
}
