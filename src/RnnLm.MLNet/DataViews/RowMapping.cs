using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.DataViews;

/// <summary>
/// A transformer bound to the schema of its input: how a row becomes a request, what answers requests, and how answers become columns. The
/// output
/// schema is the input's, each column at its place, and then the columns added.
/// </summary>
/// <typeparam name="TResult">The answer for one row.</typeparam>
internal abstract class RowMapping<TResult> : IRowMapping
{
    private readonly IReadOnlyList<AddedColumn<TResult>> _added;

    protected RowMapping(IHost host, DataViewSchema inputSchema, RequestColumns columns, IReadOnlyList<AddedColumn<TResult>> added)
    {
        (Host, InputSchema, Columns, _added) = (host, inputSchema, columns, added);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added.Select(column => column.Column));
        OutputSchema = builder.ToSchema();
    }

    public IHost Host { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>Gets the columns that requests are read from.</summary>
    public RequestColumns Columns { get; }

    public IDataView CreateView(IDataView input) => new BatchedDataView<TResult>(this, input);

    public IRowToRowMapper CreateMapper() => new RowMapper<TResult>(this);

    /// <summary>Keeps the model alive until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The model is gone.</exception>
    public abstract IDisposable Lease();

    /// <summary>Answers requests in their order. Reads ahead of what it answers by a bounded number of requests.</summary>
    public abstract IEnumerable<TResult> Run(IEnumerable<TextRequest> requests);

    /// <summary>Answers the request of a row that stands alone.</summary>
    public abstract TResult RunAlone(TextRequest request);

    /// <summary>Gets whether any of the columns is one that is added.</summary>
    public bool AnyAdded(IEnumerable<DataViewSchema.Column> columns) => columns.Any(column => column.Index >= InputSchema.Count);

    /// <summary>Gets those of the input's columns that are among columns of the output.</summary>
    public IEnumerable<DataViewSchema.Column> PassedThrough(IEnumerable<DataViewSchema.Column> columns) =>
        columns.Where(column => column.Index < InputSchema.Count).Select(column => InputSchema[column.Index]);

    /// <summary>Makes the getter of a column that is added, checked for its type.</summary>
    public ValueGetter<TValue> CreateGetter<TValue>(DataViewSchema.Column column, Func<TResult> current)
    {
        Delegate getter = _added[column.Index - InputSchema.Count].Getter(current);
        return getter as ValueGetter<TValue> ?? throw Host.Process(new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'."));
    }
}
