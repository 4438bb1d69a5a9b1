using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.DataViews;

/// <summary>A cursor over the rows of a <see cref="RowDataView"/>: those that are not missing.</summary>
internal sealed class RowCursor : DataViewRowCursor
{
    private readonly IHost _host;
    private readonly bool[] _active;
    private readonly IEnumerator<GeneratedRow> _rows;
    private long _position = -1;
    private bool _disposed;

    public RowCursor(IHost host, DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns, IEnumerable<GeneratedRow> rows)
    {
        (_host, Schema) = (host, schema);
        _active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns)
            _active[column.Index] = true;
        _rows = rows.Where(row => !row.IsMissing).GetEnumerator();
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    /// <summary>A row is known by its own number, which those that are missing have too.</summary>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Current.Number, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (HostAccess.IsCanceled(_host))
            throw _host.Process(new OperationCanceledException("Operation was canceled."));
        if (_rows.MoveNext())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw _host.Process(new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active in this cursor."));
        int index = column.Index;
        ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> value) => value = Current.Values[index].AsMemory();
        return getter as ValueGetter<TValue> ?? throw _host.Process(new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'."));
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            (_disposed, _position) = (true, -1);
            _rows.Dispose();
        }

        base.Dispose(disposing);
    }

    private GeneratedRow Current => _position >= 0 ? _rows.Current
        : throw _host.Process(new InvalidOperationException("The cursor stands at no row. Call MoveNext first, and stop when it returns "
        + "false."));
}
