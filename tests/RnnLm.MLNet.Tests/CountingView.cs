using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.Tests;

/// <summary>A data view that counts how often it is read, by which columns, and whether its cursors are disposed.</summary>
internal sealed class CountingView(IDataView source) : IDataView
{
    public List<string[]> Readings { get; } = [];

    public int Open { get; private set; }

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Readings.Add([.. columns.Select(column => column.Name)]);
        Open++;
        return new Cursor(this, source.GetRowCursor(columns));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(CountingView view, DataViewRowCursor cursor) : DataViewRowCursor
    {
        private bool _disposed;

        public override long Position => cursor.Position;

        public override long Batch => cursor.Batch;

        public override DataViewSchema Schema => cursor.Schema;

        public override bool MoveNext() => cursor.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => cursor.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => cursor.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => cursor.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                view.Open--;
                cursor.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
