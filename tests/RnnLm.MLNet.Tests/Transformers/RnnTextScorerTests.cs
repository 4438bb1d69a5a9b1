using Microsoft.ML;
using Microsoft.ML.Data;

namespace RnnLm.MLNet.Tests;

public sealed class RnnTextScorerTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    public void Dispose() => File.Delete(_path);

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void ColumnsSayWhatTheCoreSays(EngineKind engine)
    {
        using RnnLanguageModelTransformer model = SmallModels.Model(engine);
        using RnnTextScorer scorer = model.ToScorer();
        Score[] scores = Read(scorer.Transform(SmallModels.View(_ml, SmallModels.Messages)));
        Assert.Equal(120, scores.Length);
        for (int i = 0; i < scores.Length; i += 17)
        {
            TextScore expected = model.Model.Score(SmallModels.Messages[i]);
            Assert.Equal((float)expected.LogProbability, scores[i].LogProbability, 1e-3f);
            Assert.Equal((float)expected.NatsPerCharacter, scores[i].NatsPerCharacter, 1e-4f);
            Assert.Equal((float)expected.Perplexity, scores[i].Perplexity, 1e-3f);
            Assert.Equal(expected.LeastLikelyPosition, scores[i].LeastLikelyPosition);
        }
    }

    [Fact]
    public void ATextOfWhichNothingIsCountedHasMissingMeans()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextScorer scorer = model.ToScorer();
        Score score = Assert.Single(Read(scorer.Transform(SmallModels.View(_ml, [null]))));
        Assert.Equal((0f, float.NaN, float.NaN, -1),
            (score.LogProbability, score.NatsPerCharacter, score.Perplexity, score.LeastLikelyPosition));
    }

    [Fact]
    public void ColumnsMayBeRenamedOrLeftOut()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextScorer scorer = model.ToScorer(new()
        {
            InputColumnName = "Words",
            LogProbabilityColumnName = null,
            NatsPerCharacterColumnName = "Surprise",
            PerplexityColumnName = null,
            LeastLikelyPositionColumnName = null,
        });
        IDataView view = scorer.Transform(_ml.Data.LoadFromEnumerable([new { Words = "Hello" }]));
        Assert.Equal(["Words: String", "Surprise: Single"], view.Schema.Select(column => $"{column.Name}: {column.Type}"));
        Assert.StartsWith("Could not find input column 'Words'",
            Assert.Throws<ArgumentOutOfRangeException>(() => scorer.Transform(SmallModels.View(_ml, ["a"]))).Message,
                StringComparison.Ordinal);
        var e = Assert.Throws<OptionsException>(() => model.ToScorer(new()
        {
            PerplexityColumnName = "LogProbability",
            ContextColumnName = ""
        }));
        Assert.Contains("2 options are wrong", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelOfPairsScoresAnswersAfterTheirQuestions()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.TargetColumnName, options.Training.MaxSteps) = (DataMode.Pairs, "Answer", 150);
        (string Text, string Answer)[] pairs = [("1+1=?", "2"), ("1+2=?", "3")];
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new { pairs[i % 2].Text, pairs[i % 2].Answer }));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        using RnnTextScorer scorer = model.ToScorer();
        IDataView asked = _ml.Data.LoadFromEnumerable([new { Text = "1+1=?", Answer = "2" }, new { Text = "1+1=?", Answer = "3" }]);
        float[] perplexities = [.. scorer.Transform(asked).GetColumn<float>("Perplexity")];
        Assert.True(perplexities[0] < 2 && perplexities[1] > 3, $"{perplexities[0]}, {perplexities[1]}");
    }

    [Fact]
    public void ItIsSavedAndLoadedWithItsColumns()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView data = SmallModels.View(_ml, SmallModels.Messages);
        using RnnTextScorer scorer = model.ToScorer(new() { NatsPerCharacterColumnName = null });
        _ml.Model.Save(new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Text").Fit(data), scorer), data.Schema,
            _path);

        ITransformer loaded = new MLContext().Model.Load(_path, out _);
        Assert.IsType<RnnTextScorer>(((IEnumerable<ITransformer>)loaded).Last());
        IDataView before = scorer.Transform(data), after = loaded.Transform(data);
        Assert.Equal(["Text", "Copy", "LogProbability", "Perplexity", "LeastLikelyPosition"], after.Schema.Select(column => column.Name));
        Assert.Equal(before.GetColumn<float>("LogProbability"), after.GetColumn<float>("LogProbability"));

        using PredictionEngine<TextInput, Score> engine = _ml.Model.CreatePredictionEngine<TextInput, Score>(loaded);
        Assert.Equal(before.GetColumn<float>("Perplexity").First(),
            engine.Predict(new TextInput { Text = SmallModels.Messages[0] }).Perplexity);
    }

    [Fact]
    public void PerplexityFindsMalformedCodesAmongGoodOnes()
    {
        var random = new Random(5);
        string Code() => $"{(char)('A' + random.Next(6))}{(char)('A' + random.Next(6))}-{random.Next(1000, 9999)}-{random.Next(10, 99)}";
        string Malformed()
        {
            char[] code = Code().ToCharArray();
            int at = random.Next(code.Length);
            code[at] = char.IsDigit(code[at]) ? (char)('A' + random.Next(6)) : (char)('0' + random.Next(10));
            return new string(code);
        }

        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.Training.MaxSteps, options.Data.BatchSize) = (DataMode.Rows, 150, 32);
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml, options, [.. Enumerable.Range(0, 500).Select(_ => Code())]);
        using RnnTextScorer scorer = model.ToScorer(new() { PerplexityColumnName = "Score" });
        IDataView codes = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300)
            .Select(i => new { Text = i % 3 == 0 ? Malformed() : Code(), Label = i % 3 == 0 }).ToArray());
        BinaryClassificationMetrics metrics = _ml.BinaryClassification.EvaluateNonCalibrated(
            _ml.Transforms.Expression("PredictedLabel", "score => score > 3", "Score").Fit(scorer.Transform(codes))
                .Transform(scorer.Transform(codes)));
        Assert.True(metrics.AreaUnderRocCurve > 0.97, $"The area under the curve is {metrics.AreaUnderRocCurve}.");
    }

    private Score[] Read(IDataView view) => [.. _ml.Data.CreateEnumerable<Score>(view, reuseRowObject: false, ignoreMissingColumns: true)];

    private sealed class Score
    {
        public float LogProbability { get; set; }

        public float NatsPerCharacter { get; set; }

        public float Perplexity { get; set; }

        public int LeastLikelyPosition { get; set; }
    }
}
