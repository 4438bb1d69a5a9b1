using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace RnnLm.MLNet.DataViews;

/// <summary>Rows that models write, as a data view: written anew by each cursor, to the same rows, and never held.</summary>
internal sealed class RowDataView : IDataView
{
    private readonly IHost _host;
    private readonly RowGenerator _generator;

    public RowDataView(IHost host, RowGenerator generator)
    {
        (_host, _generator) = (host, generator);
        var schema = new DataViewSchema.Builder();
        foreach (string name in generator.Names)
            schema.AddColumn(name, TextDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>How many rows will be missing is not known.</summary>
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new RowCursor(_host, Schema, columnsNeeded, _generator.Rows());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
