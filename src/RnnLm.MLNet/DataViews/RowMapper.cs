using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>
/// Adds columns to rows that come one by one, as those of a PredictionEngine. It holds the model by itself, so that engines made from one
/// transformer
/// outlive each other, and the transformer.
/// </summary>
internal sealed class RowMapper<TResult>(RowMapping<TResult> mapping) : IRowToRowMapper
{
    private readonly IDisposable _lease = mapping.Lease();

    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        ArgumentNullException.ThrowIfNull(dependingColumns);
        List<DataViewSchema.Column> columns = [.. dependingColumns];
        IEnumerable<DataViewSchema.Column> own = mapping.AnyAdded(columns) ? mapping.Columns.All : [];
        return [.. mapping.PassedThrough(columns).Concat(own).DistinctBy(column => column.Index)];
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (input.Schema != InputSchema)
            throw mapping.Host.Process(new ArgumentException("The row's schema must be the one that the mapper is bound to.",
                nameof(input)));
        return new MappedRow<TResult>(mapping, _lease, input, activeColumns);
    }
}
