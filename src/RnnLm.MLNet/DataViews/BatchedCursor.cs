using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.DataViews;

/// <summary>A cursor over a <see cref="BatchedDataView{TResult}"/>. See there for the two cursors beneath it.</summary>
internal sealed class BatchedCursor<TResult> : DataViewRowCursor
{
    private readonly RowMapping<TResult> _mapping;
    private readonly bool[] _active;
    private readonly DataViewRowCursor _twin;
    private readonly ValueGetter<DataViewRowId>? _twinId;
    private readonly DataViewRowCursor? _lookAhead;
    private readonly IEnumerator<TResult>? _results;
    private readonly IDisposable? _lease;
    private readonly Queue<TextRequest> _asked = [];
    private TextRequest _request;
    private bool _disposed;

    public BatchedCursor(RowMapping<TResult> mapping, IReadOnlyList<DataViewSchema.Column> columns, DataViewRowCursor twin,
        DataViewRowCursor? lookAhead)
    {
        (_mapping, _twin, _lookAhead) = (mapping, twin, lookAhead);
        _active = new bool[mapping.OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
            _active[column.Index] = true;
        if (lookAhead is null)
            return;
        _lease = mapping.Lease();
        _twinId = twin.GetIdGetter();
        _results = mapping.Run(ReadRequests(lookAhead)).GetEnumerator();
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _disposed ? -1 : _twin.Position;

    public override long Batch => _twin.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _twin.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (HostAccess.IsCanceled(_mapping.Host))
            throw _mapping.Host.Process(new OperationCanceledException("Operation was canceled."));
        bool moved = _twin.MoveNext();
        if (_results is not null)
            CheckInStep(moved, _results.MoveNext());
        if (!moved)
            Dispose();
        return moved;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw _mapping.Host.Process(new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' is not active in this cursor."));
        if (column.Index >= _mapping.InputSchema.Count)
            return _mapping.CreateGetter<TValue>(column, () => CheckedAtRow(_results!.Current));
        if (_results is null || column.Index != _mapping.Columns.Text.Index)
            return _twin.GetGetter<TValue>(_mapping.InputSchema[column.Index]);
        ValueGetter<ReadOnlyMemory<char>> text = (ref ReadOnlyMemory<char> value) => value = CheckedAtRow(_request.Text).AsMemory();
        return text as ValueGetter<TValue> ?? throw _mapping.Host.Process(new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'."));
    }

    protected override void Dispose(bool disposing)
    {
        if (!_disposed && disposing)
        {
            _disposed = true;
            _results?.Dispose();
            _lookAhead?.Dispose();
            _twin.Dispose();
            _lease?.Dispose();
        }

        base.Dispose(disposing);
    }

    private IEnumerable<TextRequest> ReadRequests(DataViewRowCursor cursor)
    {
        Func<TextRequest> read = _mapping.Columns.Bind(cursor);
        while (cursor.MoveNext())
        {
            TextRequest request = read();
            _asked.Enqueue(request);
            yield return request;
        }
    }

    /// <summary>Makes sure that the twin stands at the row whose answer has come.</summary>
    private void CheckInStep(bool twinMoved, bool answered)
    {
        DataViewRowId id = default;
        if (twinMoved && answered)
        {
            _request = _asked.Dequeue();
            _twinId!(ref id);
        }

        if (twinMoved != answered || (twinMoved && !id.Equals(_request.Id)))
        {
            throw _mapping.Host.Process(new InvalidOperationException(
                "The data gave other rows, or rows in another order, when read again. A data view must give the same rows each time; put a "
                + "cache before this step "
                + "(mlContext.Data.Cache) if the data cannot be read twice alike."));
        }
    }

    private T CheckedAtRow<T>(T value) => Position >= 0 ? value
        : throw _mapping.Host.Process(new InvalidOperationException("The cursor stands at no row. Call MoveNext first, and stop when it "
        + "returns false."));
}
