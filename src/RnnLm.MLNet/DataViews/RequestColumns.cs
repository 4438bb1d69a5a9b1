using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.DataViews;

/// <summary>The columns that the requests of rows are read from, found in a schema. The text comes first.</summary>
internal sealed class RequestColumns
{
    private readonly (RequestColumn Read, DataViewSchema.Column Column)[] _columns;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public RequestColumns(IExceptionContext context, DataViewSchema schema, IEnumerable<RequestColumn> columns) =>
        _columns = [.. columns.Select(column => (column, column.Find(context, schema)))];

    public DataViewSchema.Column Text => _columns[0].Column;

    public IEnumerable<DataViewSchema.Column> All => _columns.Select(column => column.Column);

    /// <summary>Makes a function that reads the request of the row's current values.</summary>
    /// <param name="row">The row.</param>
    /// <param name="alone">
    /// Whether the row is not one of a data view's, as a PredictionEngine's; its id is then but a count of calls and not made a key, so
    /// that a text has one continuation whichever engine of a pool it comes to.
    /// </param>
    public Func<TextRequest> Bind(DataViewRow row, bool alone = false)
    {
        Func<TextRequest, TextRequest>[] put = [.. _columns.Select(column => column.Read.Bind(row, column.Column))];
        ValueGetter<DataViewRowId> getId = row.GetIdGetter();
        DataViewRowId id = default;
        return () =>
        {
            getId(ref id);
            var request = new TextRequest { Id = id, Key = alone ? 0 : RowKey.FromId(id) };
            foreach (Func<TextRequest, TextRequest> value in put)
                request = value(request);
            return request;
        };
    }
}
