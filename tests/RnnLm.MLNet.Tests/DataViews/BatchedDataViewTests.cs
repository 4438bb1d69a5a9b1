using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.Tests;

public sealed class BatchedDataViewTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void ColumnsAreAddedAfterTheInputSOwn()
    {
        IDataView view = View(3, out _);
        Assert.Equal(["Text", "Number", "Upper", "Key"], view.Schema.Select(column => column.Name));
        Assert.Equal(["row 0|0|ROW 0|0", "row 1|1|ROW 1|1", "row 2|2|ROW 2|2"], Read(view));
        Assert.Equal(3, view.GetRowCount());
    }

    [Fact]
    public void NothingIsComputedForAColumnThatNobodyReads()
    {
        IDataView view = View(10, out UpperCaseMapping mapping);
        Assert.Equal(10, view.GetColumn<int>("Number").Count());
        using (DataViewRowCursor none = view.GetRowCursor([]))
        {
            while (none.MoveNext())
                Assert.False(none.IsColumnActive(view.Schema["Upper"]));
        }

        Assert.Equal(0, mapping.Asked);
        Assert.Equal(0, mapping.Leases);
    }

    [Fact]
    public void AShuffledCursorGivesEachRowItsOwnAnswer()
    {
        IDataView cached = _ml.Data.Cache(Rows(500));
        var mapping = new UpperCaseMapping(_ml, cached.Schema);
        IDataView view = mapping.CreateView(cached);
        Assert.True(view.CanShuffle);
        List<string> shuffled = Read(view, new Random(3));
        Assert.NotEqual(Read(view), shuffled);
        Assert.Equal(Read(view).Order(StringComparer.Ordinal), shuffled.Order(StringComparer.Ordinal));
        Assert.Equal(Read(view, new Random(3)), shuffled);
        Assert.Equal(0, mapping.Leases);
    }

    [Fact]
    public void AShufflingStepBeforeItGivesEachRowItsOwnAnswer()
    {
        IDataView shuffled = _ml.Data.ShuffleRows(Rows(3000), seed: 5, shufflePoolSize: 100);
        var mapping = new UpperCaseMapping(_ml, shuffled.Schema);
        List<string> rows = Read(mapping.CreateView(shuffled), new Random(7));
        Assert.Equal(3000, rows.Count);
        Assert.All(rows, row => Assert.Matches("^row (\\d+)\\|\\1\\|ROW \\1\\|\\1$", row));
        Assert.NotEqual("row 0|0|ROW 0|0", rows[0]);
    }

    [Fact]
    public void StepsAfterItMayShuffleCacheFilterAndReadInParallel()
    {
        IDataView view = View(1000, out _);
        foreach (IDataView after in new[]
                 {
                     _ml.Data.ShuffleRows(view, seed: 2, shufflePoolSize: 64),
                     _ml.Data.Cache(view),
                     _ml.Data.FilterRowsByColumn(_ml.Transforms.Conversion.ConvertType("Single", "Number").Fit(view).Transform(view),
                         "Single"),
                     _ml.Transforms.Conversion.ConvertType("Other", "Number").Fit(view).Transform(view),
                 })
        {
            List<string> rows = Read(after);
            Assert.Equal(1000, rows.Count);
            Assert.All(rows, row => Assert.Matches("^row (\\d+)\\|\\1\\|ROW \\1\\|\\1$", row));
        }
    }

    [Fact]
    public void ParallelCursorsShareOutTheRows()
    {
        IDataView view = View(300, out UpperCaseMapping mapping);
        foreach (IEnumerable<DataViewSchema.Column> columns in new IEnumerable<DataViewSchema.Column>[] { view.Schema,
            [view.Schema["Number"]] })
        {
            var numbers = new List<int>();
            foreach (DataViewRowCursor cursor in view.GetRowCursorSet(columns, 4))
            {
                ValueGetter<int> get = cursor.GetGetter<int>(view.Schema["Number"]);
                int number = 0;
                while (cursor.MoveNext())
                {
                    get(ref number);
                    numbers.Add(number);
                }
            }

            Assert.Equal(Enumerable.Range(0, 300), numbers.Order());
        }

        Assert.Equal(0, mapping.Leases);
    }

    [Fact]
    public void TakingAFewRowsComputesNoMoreThanTheirBatches()
    {
        IDataView view = View(1000, out UpperCaseMapping mapping);
        Assert.Equal(5, Read(_ml.Data.TakeRows(view, 5)).Count);
        Assert.InRange(mapping.Asked, 5, 8);
        Assert.Equal(0, mapping.Leases);
    }

    [Fact]
    public void ARowKeyColumnTakesThePlaceOfTheRowSId()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Row { Text = "a", Number = 41 }, new Row { Text = "b", Number = -1 }]);
        IDataView view = new UpperCaseMapping(_ml, data.Schema, rowKey: "Number").CreateView(data);
        Assert.Equal([41UL, ulong.MaxValue], view.GetColumn<ulong>("Key"));
    }

    [Fact]
    public void ATextIsKeptWithItsRowEvenWhereTheGetterWritesOverItsBuffer()
    {
        IDataView normalized = _ml.Transforms.Text.NormalizeText("Text").Fit(Rows(20)).Transform(Rows(20));
        Assert.All(Read(new UpperCaseMapping(_ml, normalized.Schema, batch: 7).CreateView(normalized)),
            row => Assert.Matches("^row (\\d+)\\|\\1\\|ROW \\1\\|\\1$", row));
    }

    [Fact]
    public void DataThatDifferAtEachReadingAreRefused()
    {
        int reading = 0;
        IEnumerable<Row> Growing()
        {
            int rows = 10 + (10 * reading++);
            for (int i = 0; i < rows; i++)
                yield return new Row { Text = "x", Number = i };
        }

        IDataView data = _ml.Data.LoadFromEnumerable(Growing());
        IDataView view = new UpperCaseMapping(_ml, data.Schema).CreateView(data);
        var e = Assert.Throws<InvalidOperationException>(() => Read(view));
        Assert.Contains("mlContext.Data.Cache", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACursorThatStandsAtNoRowGivesNoValues()
    {
        IDataView view = View(1, out _);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<ulong> key = cursor.GetGetter<ulong>(view.Schema["Key"]);
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Text"]);
        ulong value = 0;
        ReadOnlyMemory<char> read = default;
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => key(ref value));
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
        key(ref value);
        text(ref read);
        Assert.Equal("row 0", read.ToString());
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => text(ref read));
    }

    [Fact]
    public void InactiveColumnsAndWrongTypesAreRefused()
    {
        IDataView view = View(1, out _);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Upper"]]);
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ulong>(view.Schema["Key"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Text"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Upper"]));
    }

    [Fact]
    public void ARowThatStandsAloneIsComputedOnceForEachChange()
    {
        IDataView data = Rows(1);
        var mapping = new UpperCaseMapping(_ml, data.Schema);
        IRowToRowMapper mapper = mapping.CreateMapper();
        Assert.Equal(["Text"], mapper.GetDependencies([mapper.OutputSchema["Upper"]]).Select(c => c.Name));
        Assert.Equal(["Number"], mapper.GetDependencies([mapper.OutputSchema["Number"]]).Select(c => c.Name));

        using DataViewRowCursor cursor = Rows(3).GetRowCursor(data.Schema);
        Assert.Throws<ArgumentException>(() => mapper.GetRow(cursor, mapper.OutputSchema));
        using DataViewRowCursor own = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(own, mapper.OutputSchema);
        ValueGetter<ReadOnlyMemory<char>> upper = row.GetGetter<ReadOnlyMemory<char>>(mapper.OutputSchema["Upper"]);
        ValueGetter<ulong> key = row.GetGetter<ulong>(mapper.OutputSchema["Key"]);
        Assert.True(own.MoveNext());
        ReadOnlyMemory<char> text = default;
        ulong number = 1;
        upper(ref text);
        upper(ref text);
        key(ref number);
        Assert.Equal(("ROW 0", 0UL, 1), (text.ToString(), number, mapping.Asked));
    }

    [Fact]
    public void ACancelledContextEndsTheReading()
    {
        IDataView view = View(10, out _);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.True(cursor.MoveNext());
        _ml.CancelExecution();
        Assert.Throws<OperationCanceledException>(() => cursor.MoveNext());
    }

    private IDataView Rows(int count) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row { Text = $"row {i}", Number = i }).ToArray());

    private IDataView View(int count, out UpperCaseMapping mapping)
    {
        IDataView rows = Rows(count);
        mapping = new UpperCaseMapping(_ml, rows.Schema);
        return mapping.CreateView(rows);
    }

    private static List<string> Read(IDataView view, Random? random = null)
    {
        var rows = new List<string>();
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema, random);
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Text"]);
        ValueGetter<int> number = cursor.GetGetter<int>(view.Schema["Number"]);
        ValueGetter<ReadOnlyMemory<char>> upper = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Upper"]);
        ValueGetter<ulong> key = cursor.GetGetter<ulong>(view.Schema["Key"]);
        ReadOnlyMemory<char> t = default, u = default;
        int n = 0;
        ulong k = 0;
        while (cursor.MoveNext())
        {
            text(ref t);
            number(ref n);
            upper(ref u);
            key(ref k);
            rows.Add($"{t}|{n}|{u}|{k}");
        }

        return rows;
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public int Number { get; set; }
    }
}
