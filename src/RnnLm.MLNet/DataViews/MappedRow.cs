using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.DataViews;

/// <summary>A row with the added columns, computed at the first look at any of them after the row's values have changed.</summary>
internal sealed class MappedRow<TResult> : DataViewRow
{
    private readonly RowMapping<TResult> _mapping;
    private readonly IDisposable _lease;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Func<TextRequest> _read;
    private TResult? _result;
    private long _resultPosition = -1;

    public MappedRow(RowMapping<TResult> mapping, IDisposable lease, DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        (_mapping, _lease, _input) = (mapping, lease, input);
        _active = new bool[mapping.OutputSchema.Count];
        List<DataViewSchema.Column> columns = [.. activeColumns];
        foreach (DataViewSchema.Column column in columns)
            _active[column.Index] = true;
        _read = mapping.AnyAdded(columns) ? mapping.Columns.Bind(input, alone: true) : () => default;
    }

    public override DataViewSchema Schema => _mapping.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw _mapping.Host.Process(new ArgumentOutOfRangeException(nameof(column),
                $"Column '{column.Name}' is not active in this row."));
        return column.Index < _mapping.InputSchema.Count
            ? _input.GetGetter<TValue>(_mapping.InputSchema[column.Index])
            : _mapping.CreateGetter<TValue>(column, Compute);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    private TResult Compute()
    {
        if (_resultPosition != _input.Position)
        {
            _result = _mapping.RunAlone(_read());
            _resultPosition = _input.Position;
            GC.KeepAlive(_lease);
        }

        return _result!;
    }
}
