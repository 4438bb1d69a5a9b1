using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.Generation;
using RnnLm.MLNet.DataViews;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Runtime;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>
/// With a seed, every way of asking gives the same texts, bit for bit, on the managed engine: the core, ML.NET and the command line, in
/// batches of any size and alone, on one thread and two, before and after saving, in any order of the rows.
/// </summary>
public sealed class RepeatabilityTests : IDisposable
{
    private static readonly int[] BatchSizes = [1, 7, 64, 1000];

    private readonly MLContext _ml = new();
    private readonly TempFolder _folder = new();
    private readonly RnnLanguageModelTransformer _model;
    private readonly string _path;

    // A row's key is its place, which is also what a row goes by where no column gives a key.
    private readonly Row[] _rows =
        [.. Enumerable.Range(0, 150).Select(key => new Row { Key = key, Text = SmallModels.Prompts[key % SmallModels.Prompts.Length] })];
    private readonly Row[] _shuffled;
    private readonly string[] _expected;

    public RepeatabilityTests()
    {
        // Large enough that two threads share even one text, and hardly trained, so that the least difference of a logit changes a text.
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize, options.Training.MaxSteps) =
            (CellType.Gru, 200, 140, 5);
        options.RowKeyColumnName = nameof(Row.Key);
        _model = _ml.Transforms.Text.RnnLanguageModel(options)
            .Fit(_ml.Data.LoadFromEnumerable(SmallModels.Messages.Select(text => new Row { Text = text })));
        _path = _folder["model.zip"];
        _ml.Model.Save(_model, View(_rows).Schema, _path);
        _shuffled = [.. _rows];
        new Random(8).Shuffle(_shuffled);
        _expected = _model.Transform(View(_rows)).Texts();
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TextsDifferWhereverRowsDo() => Assert.Equal(_rows.Length, _expected.Distinct(StringComparer.Ordinal).Count());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TheCoreWritesThemInAnyBatchAloneAndAsAStream(int threads)
    {
        using RnnLanguageModel core = RnnLanguageModel.Load(_path, new DeviceOptions { Threads = threads });
        Check(_rows, core.GenerateAll(_rows.Select(row => row.Text)).Select(samples => samples[0].Text));
        Check([_rows[0]], [core.Generate(_rows[0].Text)]);
        var streamed = new List<string>();
        await foreach (string piece in core.GenerateAsync(_rows[0].Text))
            streamed.Add(piece);
        Check([_rows[0]], [string.Concat(streamed)]);

        foreach (int batchSize in BatchSizes)
        {
            var generator = new TextGenerator(core.Loaded.LanguageModel, core.Loaded.Framing, core.Sampling, batchSize);
            Check(_shuffled, generator.Generate(_shuffled.Select(row => new GenerationRequest(row.Text.AsMemory(), (ulong)row.Key)))
                .Select(result => result.Samples[0].Text));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void MLNETWritesThemByKeyByPlaceAndAlone(int threads)
    {
        SavedModel saved = ModelArchive.Load(_path);
        LanguageModelColumns columns = LanguageModelColumns.FromModel(saved);
        RnnLanguageModelTransformer Open(LanguageModelColumns read) =>
            new(_ml, new LoadedModel(saved, new DeviceOptions { Threads = threads }), read, saved.Sampling);

        using RnnLanguageModelTransformer byKey = Open(columns),
            byPlace = Open(new(columns.Names.Where(name => name.Key != "row_key").ToDictionary()));
        Check(_shuffled, byKey.Transform(View(_shuffled)).Texts());
        Check(_rows, byPlace.Transform(View(_rows)).Texts());
        using PredictionEngine<Row, TextOutput> engine =
            _ml.Model.CreatePredictionEngine<Row, TextOutput>(byKey, new PredictionEngineOptions { OwnsTransformer = false });
        Check(_shuffled, _shuffled.Select(row => engine.Predict(row).Continuation));
    }

    [Fact]
    public void MLNETWritesThemFromTheFile()
    {
        ITransformer loaded = new MLContext().Model.Load(_path, out _);
        Check(_shuffled, loaded.Transform(View(_shuffled)).Texts());
        IDataView anyOrder = _ml.Data.ShuffleRows(loaded.Transform(View(_rows)), seed: 3);
        Check(anyOrder.GetColumn<int>("Key").Select(key => _rows[key]), anyOrder.Texts());
        using PredictionEngine<Row, TextOutput> engine = _ml.Model.CreatePredictionEngine<Row, TextOutput>(loaded);
        Check(_shuffled, _shuffled.Select(row => engine.Predict(row).Continuation));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TheCommandLineWritesThemInAnyBatch(int threads)
    {
        string input = string.Concat(_shuffled.Select(row => JsonSerializer.Serialize(new { key = row.Key, prompt = row.Text }) + "\n"));
        foreach (int batchSize in BatchSizes)
        {
            string output = await ChildProcess.Run("src/RnnLm.Cli", input, "sample", _path, "--jsonl", "--batch-size", $"{batchSize}",
                "--threads", $"{threads}");
            Check(_shuffled, output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("continuation").GetString()!));
        }
    }

    private void Check(IEnumerable<Row> rows, IEnumerable<string> texts) => Assert.Equal(rows.Select(row => _expected[row.Key]), texts);

    private IDataView View(IEnumerable<Row> rows) => _ml.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public int Key { get; set; }

        public string Text { get; set; } = "";
    }
}
