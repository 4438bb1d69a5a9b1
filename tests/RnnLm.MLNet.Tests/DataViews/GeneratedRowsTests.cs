using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.Tests;

/// <summary>Rows that models write, as a data view.</summary>
public sealed class GeneratedRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void TheViewHasTheRowsOfTheGenerator()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        GenerateOptions options = new() { Rows = 60, Seed = 4, Unique = true, MaxTries = 2 };
        GeneratedRow[] rows = [.. new RowGenerator(options, Columns(model.Model)).Rows()];
        IDataView view = _ml.Data.GenerateRows(options, Columns(model.Model));
        string[][] kept = [.. rows.Where(row => !row.IsMissing).Select(row => row.Values.ToArray())];

        Assert.Equal(["Code", "Note"], view.Schema.Select(column => column.Name));
        Assert.All(view.Schema, column => Assert.Equal(TextDataViewType.Instance, column.Type));
        Assert.Contains(rows, row => row.IsMissing);
        Assert.Equal(kept.Select(values => values[0]), view.GetColumn<string>("Code"));
        // Each reading gives the same, also where several columns are read, or none.
        Assert.Equal(kept.Select(values => string.Join('|', values)),
            _ml.Data.CreateEnumerable<Coded>(view, reuseRowObject: false).Select(row => $"{row.Code}|{row.Note}"));
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        var ids = new List<ulong>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getId(ref id);
            ids.Add(id.Low);
            Assert.Equal(ids.Count - 1, cursor.Position);
        }

        Assert.Equal(rows.Where(row => !row.IsMissing).Select(row => (ulong)row.Number), ids);
        Assert.False(cursor.MoveNext());
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Code"]));
    }

    [Fact]
    public void ItIsDataLikeAnyOther()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView view = _ml.Data.GenerateRows(new() { Rows = 50, Seed = 4 }, Columns(model.Model));

        IDataView transformed = _ml.Transforms.Text.FeaturizeText("Features", "Note").Fit(view).Transform(view);
        Assert.Equal(50, transformed.GetColumn<float[]>("Features").Count());
        Assert.Equal(view.GetColumn<string>("Code").Take(7), _ml.Data.TakeRows(_ml.Data.Cache(view), 7).GetColumn<string>("Code"));
        // The seed of the context stands in for one of the options.
        string[] seeded = [.. _ml.Data.GenerateRows(new() { Rows = 5 }, Columns(model.Model)).GetColumn<string>("Code")];
        Assert.Equal(seeded, new MLContext(seed: 1).Data.GenerateRows(new() { Rows = 5 }, Columns(model.Model)).GetColumn<string>("Code"));
        Assert.NotEqual(seeded,
            new MLContext(seed: 2).Data.GenerateRows(new() { Rows = 5 }, Columns(model.Model)).GetColumn<string>("Code"));
    }

    [Fact]
    public void WrongOptionsAreRefusedAtOnceAndFaultsOfRowsWhereTheyAreRead()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        Assert.Throws<OptionsException>(() => _ml.Data.GenerateRows(new() { Rows = 0 }, Columns(model.Model)));
        var column = new GenerateColumn(model.Model) { Validator = _ => throw new TimeoutException("no answer") };
        IDataView view = _ml.Data.GenerateRows(new() { Rows = 3 }, column);

        var e = Assert.Throws<InvalidOperationException>(() => view.GetColumn<string>("Text").ToArray());
        Assert.Contains("no answer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACancelledContextEndsTheRows()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView view = _ml.Data.GenerateRows(new() { Rows = long.MaxValue }, Columns(model.Model));
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (string text in view.GetColumn<string>("Code"))
                _ml.CancelExecution();
        });
    }

    private static GenerateColumn[] Columns(RnnLanguageModel model) =>
    [
        new(model, "Code") { Sampling = new() { Pattern = "[a-e][a-e]" } },
        new(model, "Note") { Sampling = new() { Pattern = "[a-c]" } },
    ];

    private sealed class Coded
    {
        public string Code { get; set; } = "";

        public string Note { get; set; } = "";
    }
}
