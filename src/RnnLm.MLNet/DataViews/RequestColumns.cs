using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.DataViews;

/// <summary>The columns that the requests of rows are read from, found in a schema.</summary>
internal sealed class RequestColumns
{
    private readonly DataViewSchema.Column? _rowKey, _temperature, _maximumLength, _condition, _context, _pattern;

    public RequestColumns(IExceptionContext context, DataViewSchema schema, InputColumnNames names)
    {
        DataViewSchema.Column? Find(InputColumn? column) => column?.Find(context, schema);
        Text = names.Text.Find(context, schema);
        (_rowKey, _temperature) = (Find(names.RowKey), Find(names.Temperature));
        (_maximumLength, _condition, _context) = (Find(names.MaximumLength), Find(names.Condition), Find(names.Context));
        _pattern = Find(names.Pattern);
    }

    public DataViewSchema.Column Text { get; }

    public IEnumerable<DataViewSchema.Column> All =>
        new[] { Text, _rowKey, _temperature, _maximumLength, _condition, _context, _pattern }.OfType<DataViewSchema.Column>();

    /// <summary>Makes a function that reads the request of the row's current values.</summary>
    /// <param name="row">The row.</param>
    /// <param name="alone">
    /// Whether the row is not one of a data view's, as a PredictionEngine's; its id is then but a count of calls and not made a key, so that a text
    /// has one continuation whichever engine of a pool it comes to.
    /// </param>
    public Func<TextRequest> Bind(DataViewRow row, bool alone = false)
    {
        Func<string> text = ColumnReader.BindText(row, Text);
        ValueGetter<DataViewRowId> getId = row.GetIdGetter();
        Func<ulong>? key = _rowKey is { } k ? ColumnReader.BindRowKey(row, k) : null;
        Func<float>? temperature = _temperature is { } t ? ColumnReader.Bind<float>(row, t) : null;
        Func<int>? maximumLength = _maximumLength is { } l ? ColumnReader.Bind<int>(row, l) : null;
        Func<string?>? condition = _condition is { } c ? ColumnReader.BindCategory(row, c) : null;
        Func<string>? context = _context is { } x ? ColumnReader.BindText(row, x) : null;
        Func<string>? pattern = _pattern is { } p ? ColumnReader.BindText(row, p) : null;
        DataViewRowId id = default;
        return () =>
        {
            getId(ref id);
            return new TextRequest(id, text(), key?.Invoke() ?? (alone ? 0 : RowKey.FromId(id)),
                temperature?.Invoke(), maximumLength?.Invoke(), condition?.Invoke(), context?.Invoke(), pattern?.Invoke());
        };
    }
}
