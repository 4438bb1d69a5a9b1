using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.Tests;

public sealed class RoundTripTests : IDisposable
{
    private readonly MLContext _ml = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("first")]
    [InlineData("middle")]
    [InlineData("last")]
    [InlineData("nested")]
    public void AChainLoadsInANewProcessWithNoRegistrationAndWritesTheSame(string place)
    {
        IDataView data = SmallModels.View(_ml, SmallModels.Prompts);
        using RnnLanguageModelTransformer model = SmallModels.Model();
        ITransformer chain = Chain(place, data, model);
        string[] before = chain.Transform(data).Texts();
        string[] alone = [.. SmallModels.Prompts.Select(prompt => chain.Predict(_ml, prompt))];
        Assert.All(before, text => Assert.NotEmpty(text));

        _ml.Model.Save(chain, data.Schema, _path);
        Dictionary<string, string[]> after = TestHost.Run(_path, SmallModels.Prompts);

        Assert.Contains(nameof(RnnLanguageModelTransformer), after["members"]);
        Assert.Equal(["Text"], after["columns"]);
        Assert.Equal(before, after["transform"]);
        Assert.Equal(alone, after["engine"]);
    }

    [Fact]
    public void APatternIsSavedWithTheModel()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        SamplingOptions options = model.Model.Sampling;
        (options.Pattern, options.PatternIncludesPrompt) = (@".*-[0-9]{2,9}[.!]", true);
        using RnnLanguageModelTransformer patterned = model.WithSampling(options);
        _ml.Model.Save(patterned, SmallModels.View(_ml, SmallModels.Prompts).Schema, _path);

        Dictionary<string, string[]> after = TestHost.Run(_path, SmallModels.Prompts);

        Assert.Equal(patterned.Continue(_ml, SmallModels.Prompts), after["transform"]);
        Assert.All(after["transform"].Concat(after["engine"]), text => Assert.Matches("-[0-9]{2,9}[.!]$", text));
    }

    [Fact]
    public void AColumnOfPatternsIsSavedWithTheModel()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.PatternColumnName, options.Sampling.Pattern) = ("Pattern", "[a-z]{4}");
        Patterned[] rows = [new() { Text = "Hello", Pattern = "[A-Z]{3}" }, new() { Text = "My" },
            new() { Text = "My", Pattern = "(one|two) [0-9]" }];
        IDataView data = _ml.Data.LoadFromEnumerable([.. SmallModels.Messages.Select(text => new Patterned { Text = text }), .. rows]);
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        _ml.Model.Save(model, data.Schema, _path);

        Dictionary<string, string[]> after = TestHost.Run(_path, rows.Select(row => $"{row.Text}\n{row.Pattern}"));

        Assert.Equal(model.Transform(_ml.Data.LoadFromEnumerable(rows)).Texts(), after["transform"]);
        string[] patterns = ["^[A-Z]{3}$", "^[a-z]{4}$", "^(one|two) [0-9]$"];
        for (int row = 0; row < rows.Length; row++)
            Assert.All([after["transform"][row], after["engine"][row]], text => Assert.Matches(patterns[row], text));
    }

    [Fact]
    public void TheCoreReadsWhatMLNETSaved()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView data = SmallModels.View(_ml, SmallModels.Prompts);
        ITransformer chain = Chain("middle", data, model);
        _ml.Model.Save(chain, data.Schema, _path);

        using RnnLanguageModel core = RnnLanguageModel.Load(_path);
        Assert.Equal(model.Continue(_ml, SmallModels.Prompts), core.GenerateAll(SmallModels.Prompts).Select(samples => samples[0].Text));
    }

    [Fact]
    public void MLNETReadsWhatTheCoreSaved()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        model.Model.Save(_path);

        ITransformer loaded = new MLContext().Model.Load(_path, out DataViewSchema schema);
        Assert.Equal("Text", Assert.Single(schema).Name);
        Assert.Equal(TextDataViewType.Instance, schema["Text"].Type);
        Assert.Equal(model.Continue(_ml, SmallModels.Prompts), loaded.Continue(_ml, SmallModels.Prompts));
        Assert.Equal(model.Continue(_ml, SmallModels.Prompts), TestHost.Run(_path, SmallModels.Prompts)["transform"]);
    }

    [Fact]
    public void ColumnsAndOptionsOfSamplingComeBack()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.InputColumnName, options.OutputColumnName, options.FinishReasonColumnName) = ("Start", "Rest", "Why");
        (options.LogProbabilityColumnName, options.TemperatureColumnName, options.RowKeyColumnName) = ("LogP", "Heat", "Id");
        options.Sampling.NumSamples = 3;
        options.Sampling.StopStrings = ["zz"];
        Row[] rows = [.. SmallModels.Messages.Select((text, i) => new Row { Start = text, Heat = 0.5f + (i % 3), Id = $"row {i}" })];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        _ml.Model.Save(model, data.Schema, _path);

        ITransformer loaded = new MLContext().Model.Load(_path, out _);
        IDataView few = _ml.Data.TakeRows(data, 10), before = model.Transform(few), after = loaded.Transform(few);
        Assert.Equal(Describe(before.Schema), Describe(after.Schema));
        Assert.Equal(["Start: String", "Heat: Single", "Id: String", "Rest: Vector<String, 3>", "Why: Vector<String, 3>",
            "LogP: Vector<Single, 3>"], Describe(after.Schema));
        Assert.Equal(before.GetColumn<string[]>("Rest"), after.GetColumn<string[]>("Rest"));
        Assert.Equal(before.GetColumn<float[]>("LogP"), after.GetColumn<float[]>("LogP"));

        static IEnumerable<string> Describe(DataViewSchema schema) => schema.Select(column => $"{column.Name}: {column.Type}");
    }

    private ITransformer Chain(string place, IDataView data, RnnLanguageModelTransformer model)
    {
        ITransformer normalize = _ml.Transforms.Text.NormalizeText("Text", keepPunctuations: true).Fit(data);
        ITransformer copy = _ml.Transforms.CopyColumns("Copy", "Text").Fit(data);
        return place switch
        {
            "first" => new TransformerChain<ITransformer>(model, copy),
            "middle" => new TransformerChain<ITransformer>(normalize, model, copy),
            "last" => new TransformerChain<ITransformer>(normalize, model),
            _ => new TransformerChain<ITransformer>(normalize, new TransformerChain<ITransformer>(copy, model)),
        };
    }

    private sealed class Row
    {
        public string Start { get; set; } = "";

        public float Heat { get; set; }

        public string Id { get; set; } = "";
    }

    private sealed class Patterned
    {
        public string Text { get; set; } = "";

        public string Pattern { get; set; } = "";
    }
}
