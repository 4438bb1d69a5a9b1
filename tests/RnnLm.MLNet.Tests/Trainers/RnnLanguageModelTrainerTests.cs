using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.Transformers;
using RnnLm.Managed.Training;
using RnnLm.Training;

namespace RnnLm.MLNet.Tests;

public sealed class RnnLanguageModelTrainerTests
{
    private readonly MLContext _ml = new();
    private readonly List<LoggingEventArgs> _log = [];

    public RnnLanguageModelTrainerTests() => _ml.Log += (_, entry) =>
    {
        if (entry.Source.Contains("Rnn", StringComparison.Ordinal))
            _log.Add(entry);
    };

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void TrainingLowersTheLossAndAPipelineWrites(EngineKind engine)
    {
        var losses = new List<double>();
        RnnLanguageModelTrainer.Options options = SmallModels.Options(engine);
        options.Training.ReportEvery = 10;
        options.Training.Progress = new Listener<TrainingProgress>(progress => losses.Add(progress.Loss));
        IDataView data = SmallModels.View(_ml, SmallModels.Messages);
        using TransformerChain<RnnLanguageModelTransformer> model = _ml.Transforms.Text.NormalizeText("Text", keepPunctuations: true)
            .Append(_ml.Transforms.Text.RnnLanguageModel("Continuation", "Text", options)).Fit(data);

        Assert.True(losses.Count >= 4);
        Assert.True(losses[^1] < losses[0] - 0.3, $"The loss went from {losses[0]} to {losses[^1]}.");
        Assert.All(model.Transform(data).Texts(), text => Assert.InRange(text.Length, 1, 20));
        Assert.Equal(40, model.LastTransformer.Model.TrainingSummary!.Steps);
    }

    [Fact]
    public void TheShortFormOfTheCatalogSetsWhatItNames()
    {
        RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel("Rest", "Text", CellType.Gru, hiddenSize: 8, layers: 2,
            epochs: 1, temperature: 0, maxLength: 3, seed: 5);
        using RnnLanguageModelTransformer model = trainer.Fit(SmallModels.View(_ml, SmallModels.Messages.Take(20)));
        Assert.Equal((CellType.Gru, 8, 2), (model.Model.Config.Cell, model.Model.Config.HiddenSize, model.Model.Config.Layers));
        Assert.Equal((0.0, 3, 5L), (model.Sampling.Temperature, model.Sampling.MaxLength, model.Sampling.Seed));
        Assert.Equal(["Text", "Rest"], model.GetOutputSchema(SmallModels.View(_ml, [""]).Schema).Select(column => column.Name));
    }

    [Fact]
    public void PrivateTrainingKeepsItsGuaranteeAndNotItsSeed()
    {
        var seeded = new MLContext(seed: 4);
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.Training.Seed) = (DataMode.Rows, null);
        (options.Training.PrivacyNoise, options.Training.PrivacyClipNorm) = (1.2, 0.7);
        var log = new List<string>();
        options.Training.Log = new Listener<LogMessage>(message => log.Add(message.Text));
        IDataView data = SmallModels.View(seeded, SmallModels.Messages);
        using RnnLanguageModelTransformer model = seeded.Transforms.Text.RnnLanguageModel(options).Fit(data);
        using var file = new MemoryStream();
        seeded.Model.Save(model, data.Schema, file);
        using var loaded = (RnnLanguageModelTransformer)new MLContext().Model.Load(file, out _);

        TrainingSummary summary = loaded.Model.TrainingSummary!;
        PrivacyGuarantee privacy = summary.Privacy!;
        Assert.Equal((1.2, 0.7, 40L), (privacy.NoiseMultiplier, privacy.ClipNorm, privacy.Steps));
        Assert.Equal(PrivacyGuarantee.ComputeEpsilon(1.2, privacy.SamplingRate, 40, privacy.Delta), privacy.Epsilon);
        Assert.Null(summary.Seed);
        Assert.Contains(log, text => text.StartsWith("Training.Seed is set", StringComparison.Ordinal));
        Assert.Equal(3, model.Continue(seeded, ["", "", ""]).Length);
    }

    [Fact]
    public void ACheckpointIsReplacedOnlyWhereThatIsAskedFor()
    {
        string folder = Directory.CreateTempSubdirectory("rnnlm-").FullName, path = Path.Combine(folder, "messages.checkpoint");
        try
        {
            RnnLanguageModelTrainer.Options options = SmallModels.Options();
            options.Training.CheckpointPath = path;
            IDataView data = SmallModels.View(_ml, SmallModels.Messages);
            using RnnLanguageModelTransformer first = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
            byte[] checkpoint = File.ReadAllBytes(path);

            var fault = Assert.Throws<CheckpointException>(() => _ml.Transforms.Text.RnnLanguageModel(options).Fit(data));

            Assert.Contains($"'{path}' holds step 40 of this training: set Training.Resume to go on, or Training.OverwriteCheckpoint to "
                + "begin anew.", fault.Message, StringComparison.Ordinal);
            Assert.Equal(checkpoint, File.ReadAllBytes(path));
            options.Training.OverwriteCheckpoint = true;
            using RnnLanguageModelTransformer anew = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
            (options.Training.OverwriteCheckpoint, options.Training.Resume) = (false, true);
            using RnnLanguageModelTransformer resumed = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void LineEndsOfAllKindsAreReadAlike(string end)
    {
        string[] rows = [.. SmallModels.Messages.Select(message => message + "\nRegards\n")],
            others = [.. rows.Select(row => row.Replace("\n", end, StringComparison.Ordinal))];
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Training.Seed, options.Sampling.Seed) = (1, 1);
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(SmallModels.View(_ml, rows)),
            other = _ml.Transforms.Text.RnnLanguageModel(options).Fit(SmallModels.View(_ml, others));

        Assert.Equal(model.Model.TrainingSummary!.ValidationLoss, other.Model.TrainingSummary!.ValidationLoss);
        using RnnTextScorer scorer = model.ToScorer();
        Assert.Equal(Scores(rows), Scores(others));
        Assert.Equal(model.Continue(_ml, rows.Take(5)), model.Continue(_ml, others.Take(5)));

        float[] Scores(string[] texts) => [.. scorer.Transform(SmallModels.View(_ml, texts)).GetColumn<float>("LogProbability")];
    }

    [Fact]
    public void WithoutAnInputColumnTheOutputColumnIsRead()
    {
        RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel("Text", null, SmallModels.Options());
        using RnnLanguageModelTransformer model = trainer.Fit(SmallModels.View(_ml, SmallModels.Messages));
        IDataView result = model.Transform(SmallModels.View(_ml, ["Hello"]));
        Assert.Equal(["Text", "Text"], result.Schema.Select(column => column.Name));
        Assert.NotEqual("Hello", Assert.Single(result.Texts("Text")));
    }

    [Fact]
    public void TrainingReadsTheColumnOnceAndDisposesTheCursor()
    {
        var data = new CountingView(_ml.Transforms.CopyColumns("Other", "Text").Fit(SmallModels.View(_ml, []))
            .Transform(SmallModels.View(_ml, SmallModels.Messages)));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(SmallModels.Options()).Fit(data);
        Assert.Equal(["Text"], Assert.Single(data.Readings));
        Assert.Equal(0, data.Open);
    }

    [Fact]
    public void ValidationDataAreReadOnceAndMeasured()
    {
        var reports = new List<TrainingProgress>();
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Training.EvaluateEvery = 20;
        options.Training.Progress = new Listener<TrainingProgress>(reports.Add);
        IDataView training = SmallModels.View(_ml, SmallModels.Messages.Take(100));
        var validation = new CountingView(SmallModels.View(_ml, SmallModels.Messages.Skip(100)));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(training, validation);
        Assert.Single(validation.Readings);
        Assert.Equal(0, validation.Open);
        Assert.NotNull(model.Model.TrainingSummary!.ValidationLoss);
        Assert.Contains(reports, report => report.ValidationLoss is not null);
    }

    [Fact]
    public void AModelIsTrainedFurtherAndStaysAsItWas()
    {
        using RnnLanguageModelTransformer first = SmallModels.Model();
        string[] before = first.Continue(_ml, SmallModels.Prompts);
        using RnnLanguageModelTransformer second = _ml.Transforms.Text.RnnLanguageModel(SmallModels.Options())
            .Fit(SmallModels.View(_ml, SmallModels.Messages.Reverse()), first);
        Assert.Equal(first.Model.Vocabulary.Characters, second.Model.Vocabulary.Characters);
        Assert.NotEqual(before, second.Continue(_ml, SmallModels.Prompts));
        Assert.Equal(before, first.Continue(_ml, SmallModels.Prompts));
        Assert.True(Perplexity(second) < Perplexity(first));

        double Perplexity(RnnLanguageModelTransformer model)
        {
            using RnnTextScorer scorer = model.ToScorer();
            return scorer.Transform(SmallModels.View(_ml, SmallModels.Messages)).GetColumn<float>("Perplexity").Average();
        }
    }

    [Fact]
    public void AModelThatIsTrainedFurtherLearnsNewCharactersWhereThatIsAsked()
    {
        using RnnLanguageModelTransformer first = SmallModels.Model();
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Vocabulary.Grow = true;
        IDataView data = SmallModels.View(_ml, SmallModels.Messages.Select(message => message.Replace("e", "é", StringComparison.Ordinal)));
        using RnnLanguageModelTransformer second = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data, first);

        Assert.Equal(first.Model.Characters.Append(new Rune('é')), second.Model.Characters);
        using var folder = new RnnLm.Tests.TempFolder();
        _ml.Model.Save(second, data.Schema, folder["grown.zip"]);
        using (var loaded = (RnnLanguageModelTransformer)_ml.Model.Load(folder["grown.zip"], out _))
        {
            Assert.Equal(second.Model.Characters, loaded.Model.Characters);
            Assert.Equal(second.Continue(_ml, SmallModels.Prompts), loaded.Continue(_ml, SmallModels.Prompts));
        }
    }

    [Fact]
    public void AllFaultsOfTheOptionsComeInOneMessageAtConstruction()
    {
        var options = new RnnLanguageModelTrainer.Options
        {
            Model = { HiddenSize = 0, Dropout = double.NaN },
            Optimizer = { LearningRate = -1 },
            Sampling = { Temperature = double.NaN, NumSamples = 0 },
            InputColumnName = " ",
            TargetColumnName = "Target",
            FinishReasonColumnName = "Continuation",
        };
        var e = Assert.Throws<OptionsException>(() => _ml.Transforms.Text.RnnLanguageModel(options));
        foreach (string name in new[] { "HiddenSize", "Dropout", "LearningRate", "Temperature", "NumSamples", "InputColumnName",
            "TargetColumnName", "OutputColumnName" })
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreCopiedAtConstruction()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel(options);
        (options.Model.HiddenSize, options.Sampling.MaxLength, options.OutputColumnName) = (-3, 1, "Other");
        using RnnLanguageModelTransformer model = trainer.Fit(SmallModels.View(_ml, SmallModels.Messages));
        Assert.Equal((24, 20), (model.Model.Config.HiddenSize, model.Sampling.MaxLength));
        Assert.Null(options.Training.Log);
    }

    [Fact]
    public void AMissingOrOtherColumnIsReportedAsMLNETDoes()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new { Number = 1f, Words = new[] { "a" }, Text = "a" }]);
        foreach (string column in new[] { "Nothing", "Number", "Words" })
        {
            RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel("Out", column, SmallModels.Options());
            var fit = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data));
            var shape = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Copy", "Text").Append(trainer)
                .Fit(data));
            string expected = column switch
            {
                "Nothing" => "Could not find input column 'Nothing'",
                "Number" => "Schema mismatch for input column 'Number': expected String, got Single",
                _ => "Schema mismatch for input column 'Words': expected String, got V",
            };
            Assert.StartsWith(expected, fit.Message, StringComparison.Ordinal);
            Assert.StartsWith(expected, shape.Message, StringComparison.Ordinal);
            // ML.NET's own step for text says the same, but for the types that it takes.
            if (column != "Words")
            {
                var theirs = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Text.NormalizeText("Out", column).Fit(data));
                Assert.Equal(theirs.Message.Replace("String or vector of String", "String", StringComparison.Ordinal), fit.Message);
            }
        }
    }

    [Theory]
    [InlineData("no rows")]
    [InlineData("empty rows")]
    [InlineData("null rows")]
    [InlineData("one character")]
    public void TooLittleTextIsAnErrorThatSaysSo(string data)
    {
        IEnumerable<string?> texts = data switch { "no rows" => [], "empty rows" => ["", ""], "null rows" => [null, null, null],
            _ => ["aaaaaaaaaaaaaaaaaaaaaaaaaaaa"] };
        var e = Assert.Throws<TextDataException>(() => SmallModels.Train(_ml, texts: texts));
        Assert.Contains(data switch { "no rows" => "not one row", "one character" => "one distinct character", _ => "row is empty" },
            e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OddRowsAreTrainedOnAndContinued()
    {
        using RnnLanguageModelTransformer model =
            SmallModels.Train(_ml, texts: ["ab", null, "", "a\uD800b", "😀😀 b", .. SmallModels.Messages.Take(30)]);
        string?[] prompts = [null, "", "\uDC00", "\uD83D", "unknown: ჰ", new string('x', 5000), "😀"];
        string[] written = model.Continue(_ml, prompts);
        Assert.Equal(prompts.Length, written.Length);
        Assert.Equal(written[0], model.Continue(_ml, [""])[0]);
        Assert.All(written, text => Assert.DoesNotContain(text,
            character => char.IsSurrogate(character) && !text.EnumerateRunes().Any(rune => rune.Utf16SequenceLength == 2)));
        Assert.Single(_log, entry => entry.Kind == ChannelMessageKind.Warning
            && entry.Message.Contains("characters that the model does not know", StringComparison.Ordinal));
    }

    [Fact]
    public void ProgressGoesToTheLogOfTheContextWithoutTheText()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Training.ReportEvery = 10;
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml, options, ["secret words", .. SmallModels.Messages]);
        Assert.Contains(_log, entry => entry.Kind == ChannelMessageKind.Info
            && entry.Message.Contains("Epoch 1, step 10 of 40: loss", StringComparison.Ordinal));
        Assert.DoesNotContain(_log, entry => entry.Message.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void TheGPUOfTheContextIsAskedForByItsIndex()
    {
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (57, false);
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Device.Engine = EngineKind.Auto;
        RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel(options);
        var e = Assert.Throws<DeviceUnavailableException>(() => trainer.Fit(SmallModels.View(_ml, SmallModels.Messages)));
        Assert.Contains("cuda:57", e.Message, StringComparison.Ordinal);

        _ml.FallbackToCpu = true;
        using RnnLanguageModelTransformer model = trainer.Fit(SmallModels.View(_ml, SmallModels.Messages));
        Assert.NotEmpty(model.Continue(_ml, ["Hello"])[0]);
        Assert.Contains(_log,
            entry => entry.Kind == ChannelMessageKind.Warning && entry.Message.Contains("cuda:57", StringComparison.Ordinal));
    }

    [Fact]
    public void OptionsOfTheDeviceGoBeforeThoseOfTheContext()
    {
        (_ml.GpuDeviceId, _ml.FallbackToCpu) = (57, false);
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Device.Engine, options.Device.Device) = (EngineKind.Auto, "cpu");
        SmallModels.Train(_ml, options).Dispose();
        (options.Device.Engine, options.Device.Device) = (EngineKind.Managed, null);
        SmallModels.Train(_ml, options).Dispose();
    }

    [Fact]
    public void ATokenThatIsCancelledAtTheStartEndsTheTraining()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Training.CancellationToken = new CancellationToken(canceled: true);
        var data = new CountingView(SmallModels.View(_ml, SmallModels.Messages));
        Assert.Throws<OperationCanceledException>(() => _ml.Transforms.Text.RnnLanguageModel(options).Fit(data));
        Assert.Equal(0, data.Open);
    }

    [Theory]
    [InlineData(CancellationBehavior.KeepBest, false)]
    [InlineData(CancellationBehavior.KeepBest, true)]
    [InlineData(CancellationBehavior.Throw, false)]
    [InlineData(CancellationBehavior.Throw, true)]
    public void CancellingTheContextOrTheTokenStopsTrainingAsTheOptionsSay(CancellationBehavior behavior, bool byToken)
    {
        using var stop = new CancellationTokenSource();
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Training.CancellationToken = stop.Token;
        (options.Training.Epochs, options.Training.MaxSteps, options.Training.OnCancel, options.Training.ReportEvery) =
            (0, 10_000_000, behavior, 5);
        options.Training.Progress = new Listener<TrainingProgress>(_ => (byToken ? stop.Cancel : (Action)_ml.CancelExecution)());
        RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel(options);
        IDataView data = SmallModels.View(_ml, SmallModels.Messages);
        if (behavior == CancellationBehavior.Throw)
        {
            Assert.Throws<OperationCanceledException>(() => trainer.Fit(data));
            return;
        }

        using RnnLanguageModelTransformer model = trainer.Fit(data);
        Assert.Equal(StopReason.Cancelled, model.Model.TrainingSummary!.StopReason);
        // A context that was cancelled stays so, but what was kept is saved in it and used in another.
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        Assert.NotEmpty(new MLContext().Model.Load(file, out _).Continue(new MLContext(), ["Hello"])[0]);
    }

    [Fact]
    public void TheSeedOfTheContextMakesTrainingRepeatable()
    {
        string[] Run(int? seed)
        {
            var ml = new MLContext(seed);
            RnnLanguageModelTrainer.Options options = SmallModels.Options();
            (options.Training.Seed, options.Sampling.Seed) = (null, null);
            using RnnLanguageModelTransformer model = SmallModels.Train(ml, options);
            return model.Continue(ml, SmallModels.Prompts);
        }

        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(4));
        Assert.NotEqual(Run(null), Run(null));
    }

    private sealed class Listener<T>(Action<T> act) : IProgress<T>
    {
        public void Report(T value) => act(value);
    }
}
