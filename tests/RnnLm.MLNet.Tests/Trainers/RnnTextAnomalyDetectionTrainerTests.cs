using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Tests;

public sealed class RnnTextAnomalyDetectionTrainerTests : IDisposable
{
    private static readonly Lazy<RnnTextAnomalyDetector> Trained = new(() => Trainer(new MLContext(), Options()).Fit(
        new MLContext().Data.LoadFromEnumerable(ArticleNumber.Good(1500, seed: 1))));

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    public void Dispose() => File.Delete(_path);

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void ItsFiguresAreThoseOfMLNETAndByHand(EngineKind engine)
    {
        using RnnTextAnomalyDetector model = Trainer(_ml, Options(engine)).Fit(View(ArticleNumber.Good(1500, seed: 1)));
        ArticleNumber[] rows = [.. ArticleNumber.Good(400, seed: 2), .. ArticleNumber.Bad(70, seed: 3),
            // Some mistakes leave a number that is as good as any.
            .. ArticleNumber.Good(30, seed: 4).Select(row => new ArticleNumber { Text = row.Text, Label = 1 })];
        IDataView predictions = model.Transform(View(rows));

        AnomalyDetectionMetrics metrics = _ml.AnomalyDetection.Evaluate(predictions, falsePositiveCount: 4);

        float[] scores = [.. predictions.GetColumn<float>("Score")];
        double[] pairs = [.. from bad in scores[400..] from good in scores[..400] select bad > good ? 1 : bad == good ? 0.5 : 0];
        Assert.Equal(pairs.Average(), metrics.AreaUnderRocCurve, 6);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.75, 0.95);
        float fifth = scores[..400].OrderDescending().ElementAt(4);
        Assert.Equal(scores[400..].Average(score => score >= fifth ? 1.0 : 0), metrics.DetectionRateAtFalsePositiveCount, 6);
        AnomalyDetector core = model.Model.AnomalyDetector!;
        // In batches as here: libtorch rounds a text alone in another way.
        Assert.Equal(core.CheckAll(rows.Select(row => TextRow.Row(row.Text!))).Select(Describe), Read(predictions).Select(row => $"{row}"));
        Assert.Equal(predictions.GetColumn<float>("PValue").Select(p => p <= 0.01f), predictions.GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void TheShareAskedForIsHeldOutAndTheRateHolds()
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        (options.HeldOutFraction, options.Anomaly.FalsePositiveRate) = (0.4, 0.05);
        using RnnTextAnomalyDetector model = Trainer(_ml, options).Fit(View(ArticleNumber.Good(2000, seed: 1)));
        Assert.Equal(800, model.Model.AnomalyDetector!.HeldOutRows);
        double found = model.Transform(View(ArticleNumber.Good(2000, seed: 2))).GetColumn<bool>("PredictedLabel").Count(anomaly => anomaly);
        // Four standard deviations, of the new rows' and of the held-out ones' chance.
        double deviation = Math.Sqrt(0.05 * 0.95 * ((1.0 / 2000) + (1.0 / 800)));
        Assert.InRange(found / 2000, 0.05 - (4 * deviation), 0.05 + (4 * deviation));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.7)]
    [InlineData(0.99)]
    public void RowsAreSetAsideEvenlyAndByTheSeedAlone(double fraction)
    {
        (TextRow Row, bool IsBad)[] rows = [.. Enumerable.Range(0, 1000).Select(i => (TextRow.Row($"{i}"), i % 10 == 0))];
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
        {
            int[] Held() => Split(seed, out _);
            int[] held = Split(seed, out int[] trained);
            Assert.Equal(Held(), held);
            Assert.InRange(held.Length, (900 * fraction) - 1, (900 * fraction) + 1);
            Assert.Equal(Enumerable.Range(0, 1000).Where(i => i % 10 != 0), held.Concat(trained).Order());
            Assert.InRange(held.Count(i => i < 500), (450 * fraction) - 2, (450 * fraction) + 2);
            Assert.NotEqual(held, Split(seed + 1, out _));
        }

        int[] Split(ulong seed, out int[] trained)
        {
            var heldOut = new RnnLm.MLNet.Trainers.HeldOutRows(fraction, 0.05, seed);
            trained = [.. heldOut.SetAside(rows).Select(row => int.Parse(row.Text.Span))];
            Assert.InRange(heldOut.Rows.Bad.Count, (100 * fraction) - 1, (100 * fraction) + 1);
            return [.. heldOut.Rows.Good.Select(row => int.Parse(row.Text.Span))];
        }
    }

    [Fact]
    public void HeldOutDataOfTheirOwnCalibrate()
    {
        using RnnTextAnomalyDetector model = Trainer(_ml, Options()).Fit(View(ArticleNumber.Good(1000, seed: 1)),
            View(ArticleNumber.Good(123, seed: 2)));
        Assert.Equal(123, model.Model.AnomalyDetector!.HeldOutRows);
        using RnnLanguageModelTransformer language = Language(ArticleNumber.Good(1000, seed: 1));
        using RnnTextAnomalyDetector made = language.ToAnomalyDetector(View(ArticleNumber.Good(123, seed: 2)));
        IDataView data = View(ArticleNumber.Bad(50, seed: 3));
        Assert.Equal(Read(made.Transform(data)).Select(row => $"{row}"), Read(model.Transform(data)).Select(row => $"{row}"));
    }

    [Fact]
    public void ItsColumnsAreAnnotatedAsThoseOfMLNETsOwnTrainer()
    {
        var rows = Enumerable.Range(0, 20).Select(i => new { Features = new float[] { i, i % 3 }, Text = "AX-123-B" });
        IDataView data = _ml.Data.LoadFromEnumerable(rows, Schema());
        IDataView theirs = _ml.AnomalyDetection.Trainers.RandomizedPca("Features", rank: 1).Fit(data).Transform(data);
        DataViewSchema ours = Trained.Value.Transform(theirs).Schema;
        foreach (string column in new[] { "Score", "PredictedLabel" })
        {
            Assert.Equal(theirs.Schema[column].Type, ours[column].Type);
            string[] expected = [.. Annotations(theirs.Schema[column])];
            Assert.Equal(expected, Annotations(ours[column]));
            Assert.Equal(ScoreSet(theirs.Schema[column]) + 1, ScoreSet(ours[column]));
        }

        static SchemaDefinition Schema()
        {
            var definition = SchemaDefinition.Create(new { Features = Array.Empty<float>(), Text = "" }.GetType());
            definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
            return definition;
        }
    }

    [Fact]
    public void ItComesBackInANewProcessAndInTheCore()
    {
        IDataView data = View(ArticleNumber.Good(5, seed: 2));
        string[] texts = [.. ArticleNumber.Good(5, seed: 4).Concat(ArticleNumber.Bad(8, seed: 5)).Select(row => row.Text!), "", "Ж", "A"];
        string[] expected = [.. Read(Trained.Value.Transform(SmallModels.View(_ml, texts))).Select(row => $"{row}")];
        _ml.Model.Save(new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Text").Fit(data), Trained.Value), data.Schema,
            _path);

        Dictionary<string, string[]> after = TestHost.Run(_path, texts);

        Assert.Contains(nameof(RnnTextAnomalyDetector), after["members"]);
        Assert.Equal(expected, after["transform"]);
        Assert.Equal(expected, after["engine"]);
        using RnnLanguageModel core = RnnLanguageModel.Load(_path);
        Assert.Equal(expected, texts.Select(text => Describe(core.AnomalyDetector!.Check(text))));
    }

    [Fact]
    public void TheCommandLineReadsTheSameFile()
    {
        string folder = Directory.CreateTempSubdirectory("rnnlm-").FullName;
        try
        {
            _ml.Model.Save(Trained.Value, View([]).Schema, Path.Combine(folder, "m.zip"));
            string[] texts = ["AX-123-B", "AX-1234-B", "AX+123-B"];
            string[] asked = [.. texts.SelectMany(text => new[] { "--text", text })];
            string[] lines = Tool.Rnnlm(folder, ["check", "m.zip", .. asked]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(Read(Trained.Value.Transform(SmallModels.View(_ml, texts))).Select(row => row.PredictedLabel),
                lines.Select(line => line.Split('\t')[1] == "anomaly"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void ARowHasTheSameBitsInBatchesAloneInAnEngineAndOnManyThreads()
    {
        ArticleNumber[] rows = [.. ArticleNumber.Good(70, seed: 2), .. ArticleNumber.Bad(70, seed: 3),
            new() { Text = null }, new() { Text = "" }, new() { Text = new string('7', 3000) }, new() { Text = "\uD800" }];
        RnnTextAnomalyDetector model = Trained.Value;
        string[] together = [.. Read(model.Transform(View(rows))).Select(row => $"{row}")];
        using var engine =
            _ml.Model.CreatePredictionEngine<ArticleNumber, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.Equal(together, rows.Select(row => $"{engine.Predict(row)}"));
        Assert.Equal(together[7], $"{Assert.Single(Read(model.Transform(View(rows[7..8]))))}");
        Parallel.For(0, 8, _ => Assert.Equal(together,
            Read(new MLContext(), model.Transform(new MLContext().Data.LoadFromEnumerable(rows))).Select(row => $"{row}")));
    }

    [Fact]
    public void ARowIsRankedAmongThoseOfItsCondition()
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        (options.ConditionColumnName, options.HeldOutFraction) = ("Kind", 0.3);
        // One kind has a single row. The model is to know it, or it could not be held out.
        ArticleNumber[] rows = [.. ArticleNumber.Good(1500, seed: 1), new() { Text = "ZX-99-B", Kind = "Z" }];
        using RnnTextAnomalyDetector model = Trainer(_ml, options).Fit(View(rows));
        AnomalyDetector core = model.Model.AnomalyDetector!;
        Assert.Equal(["A", "B", "C"], core.CalibratedConditions);
        Assert.Equal(["A", "B", "C", "Z"], model.Model.Conditions);
        ArticleNumber[] some = [.. ArticleNumber.Good(20, seed: 2), new() { Text = "AX-123-B", Kind = "B" },
            new() { Text = "ZX", Kind = "Z" }];
        Assert.Equal(some.Select(row => Describe(core.Check(row.Text!, row.Kind))),
            Read(model.Transform(View(some))).Select(row => $"{row}"));
        Assert.True(core.Check("AX-123-B", "B").IsAnomaly);

        Assert.Equal($"{Describe(core.Check("AX-123-B"))}",
            Read(model.Transform(View([new() { Text = "AX-123-B", Kind = "" }]))).Select(row => $"{row}").Single());
        Assert.Contains("'Q'", Assert.ThrowsAny<ArgumentException>(
            () => Read(model.Transform(View([new() { Text = "AX-123-B", Kind = "Q" }])))).Message, StringComparison.Ordinal);
        Assert.Contains("'Q'", Assert.Throws<TextDataException>(() => Trainer(_ml, options).Fit(View(rows),
            View([.. ArticleNumber.Good(120, seed: 2), new() { Text = "AX", Kind = "Q" }]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BadRowsChooseTheThresholdAndAreNotLearned(bool boolean)
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        (options.LabelColumnName, options.HeldOutFraction) = (boolean ? "IsBad" : "Label", 0.25);
        ArticleNumber[] good = ArticleNumber.Good(1200, seed: 1);
        ArticleNumber[] bad = [.. ArticleNumber.Bad(160, seed: 2).Select(row => new ArticleNumber { Text = row.Text + "ß", Label = 1 })];
        using RnnTextAnomalyDetector model = Trainer(_ml, options).Fit(Labelled([.. bad[..80], .. good, .. bad[80..]]));
        Assert.DoesNotContain(new System.Text.Rune('ß'), model.Model.Characters);
        Assert.Equal(300, model.Model.AnomalyDetector!.HeldOutRows);

        // What is bad is that clear that the least p-value tells it.
        Assert.Equal(1 / 301.0, model.Threshold, 1e-3);
        using RnnLanguageModelTransformer language = Language(good);
        IDataView heldOut = Labelled([.. ArticleNumber.Good(300, seed: 5), .. bad]);
        using RnnTextAnomalyDetector made = language.ToAnomalyDetector(heldOut, new() { LabelColumnName = options.LabelColumnName });
        Assert.Equal((300, 1 / 301.0), (made.Model.AnomalyDetector!.HeldOutRows, made.Threshold));

        IDataView Labelled(ArticleNumber[] rows) =>
            _ml.Data.LoadFromEnumerable([.. rows.Select(row => new { row.Text, IsBad = row.Label > 0, row.Label })]);
    }

    [Fact]
    public void BadRowsOfWhichNoneIsHeldOutAreAnErrorBeforeTheTraining()
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        options.LabelColumnName = "Label";
        options.Training.Progress = new Refusing();
        var few = new List<int>();
        for (long seed = 0; seed < 20; seed++)
        {
            options.Training.Seed = seed;
            try
            {
                Trainer(_ml, options).Fit(View([.. ArticleNumber.Good(1200, seed: 1), .. ArticleNumber.Bad(2, seed: 2)]));
            }
            catch (TextDataException e)
            {
                Assert.Contains("None of the 2 bad rows", e.Message, StringComparison.Ordinal);
                few.Add((int)seed);
            }
            catch (NotSupportedException)
            {
                // The training had begun.
            }
        }

        Assert.InRange(few.Count, 8, 20);
    }

    [Fact]
    public void TheThresholdMayBeAnotherAndIsSaved()
    {
        IDataView data = View([.. ArticleNumber.Good(300, seed: 2), .. ArticleNumber.Bad(30, seed: 3)]);
        using RnnTextAnomalyDetector loose = Trained.Value.WithFalsePositiveRate(0.2);
        _ml.Model.Save(loose, data.Schema, _path);
        using var loaded = (RnnTextAnomalyDetector)_ml.Model.Load(_path, out _);
        Assert.Equal((0.01, 0.2, 0.2), (Trained.Value.Threshold, loose.Threshold, loaded.Threshold));
        foreach (RnnTextAnomalyDetector detector in new[] { loose, loaded })
            Assert.Equal(detector.Transform(data).GetColumn<float>("PValue").Select(p => p <= 0.2f),
                detector.Transform(data).GetColumn<bool>("PredictedLabel"));
        Assert.Contains("150 held-out", Assert.Throws<TextDataException>(() => Trained.Value.WithFalsePositiveRate(0.001)).Message,
            StringComparison.Ordinal);
        foreach (double wrong in new[] { 0, 1, double.NaN, -0.1 })
            Assert.Throws<OptionsException>(() => Trained.Value.WithFalsePositiveRate(wrong));
    }

    [Fact]
    public void AModelOfPairsChecksTheAnswerAfterItsQuestion()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.TargetColumnName, options.Training.MaxSteps) = (DataMode.Pairs, "Answer", 150);
        (string Text, string Answer)[] pairs = [("1+1=?", "2"), ("1+2=?", "3")];
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new { pairs[i % 2].Text, pairs[i % 2].Answer }));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        using RnnTextAnomalyDetector detector = model.ToAnomalyDetector(data);
        IDataView some = _ml.Data.LoadFromEnumerable([new { Text = "1+1=?", Answer = "2" }, new { Text = "1+1=?", Answer = "3" }]);
        Answer[] checks = Read(detector.Transform(some));
        Assert.Equal((false, true), (checks[0].PredictedLabel, checks[1].PredictedLabel));
        Assert.Equal((0, "2"), (checks[1].LeastLikelyPosition, checks[1].Suggestion));

        Assert.Equal("ContextColumnName", Assert.Single(Assert.Throws<OptionsException>(
            () => model.ToAnomalyDetector(data, new() { InputColumnName = "Answer" })).Faults).Property);
        Assert.Equal("ContextColumnName", Assert.Single(Assert.Throws<OptionsException>(
            () => SmallModels.Model().ToAnomalyDetector(data, new() { ContextColumnName = "Text" })).Faults).Property);
    }

    [Fact]
    public void ColumnsMayBeRenamedOrLeftOutAndPipelinesKnowThem()
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        options.Anomaly.FalsePositiveRate = 0.1;
        (options.Training.MaxSteps, options.InputColumnName, options.ScoreColumnName) = (5, "Number", "Oddity");
        (options.PValueColumnName, options.LeastLikelyPositionColumnName, options.SuggestionColumnName) = (null, null, null);
        IDataView data = _ml.Data.LoadFromEnumerable(ArticleNumber.Good(200, seed: 1).Select(row => new { Number = row.Text }));
        var chain = Trainer(_ml, options).Append(_ml.Transforms.Concatenate("Features", "Oddity")).Fit(data);
        Assert.Equal(["Number: String", "Oddity: Single", "PredictedLabel: Boolean", "Features: Vector<Single, 1>"],
            chain.Transform(data).Schema.Select(column => $"{column.Name}: {column.Type}"));
        Assert.StartsWith("Could not find input column 'Number'", Assert.Throws<ArgumentOutOfRangeException>(
            () => Trainer(_ml, options).Fit(SmallModels.View(_ml, ["a"]))).Message, StringComparison.Ordinal);
        options.LabelColumnName = "Number";
        foreach (Action use in new Action[] { () => Trainer(_ml, options).Fit(data),
            () => _ml.Transforms.CopyColumns("Copy", "Number").Append(Trainer(_ml, options)).Fit(data) })
        {
            Assert.StartsWith("Schema mismatch for label column 'Number': expected Boolean or Single",
                Assert.Throws<ArgumentOutOfRangeException>(use).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.PositiveInfinity)]
    public void FaultsOfOptionsAreReportedAtOnce(double wrong)
    {
        var e = Assert.Throws<OptionsException>(() => _ml.AnomalyDetection.Trainers.RnnText(new RnnTextAnomalyDetectionTrainer.Options
        {
            Anomaly = { FalsePositiveRate = wrong },
            HeldOutFraction = wrong,
            Data = { Mode = DataMode.Stream },
            PValueColumnName = "Score",
            InputColumnName = "",
        }));
        Assert.Equal(["FalsePositiveRate", "HeldOutFraction", "InputColumnName", "Mode", "ScoreColumnName"],
            e.Faults.Select(fault => fault.Property).Order(StringComparer.Ordinal));
        using RnnLanguageModelTransformer model = SmallModels.Model();
        Assert.Throws<OptionsException>(() => model.ToAnomalyDetector(View([]), new() { Anomaly = { FalsePositiveRate = wrong } }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(980)]
    public void TooFewRowsAreAnErrorBeforeTheTraining(int rows)
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        options.Training.Progress = new Refusing();
        string message = Assert.Throws<TextDataException>(() => Trainer(_ml, options).Fit(View(ArticleNumber.Good(rows, seed: 1)))).Message;
        Assert.Contains("at least 99", message, StringComparison.Ordinal);
        Assert.Contains("HeldOutFraction", message, StringComparison.Ordinal);
        message = Assert.Throws<TextDataException>(() => Trainer(_ml, options).Fit(View(ArticleNumber.Good(500, seed: 1)),
            View(ArticleNumber.Good(rows / 10, seed: 2)))).Message;
        Assert.Contains("at least 99", message, StringComparison.Ordinal);
        using RnnLanguageModelTransformer model = SmallModels.Model();
        Assert.Contains("at least 99", Assert.Throws<TextDataException>(
            () => model.ToAnomalyDetector(View(ArticleNumber.Good(rows / 10, seed: 2)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsThatLeaveNoGoodRowOrAreMissingAreRefused()
    {
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        (options.Training.Progress, options.LabelColumnName) = (new Refusing(), "Label");
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView bad = View(ArticleNumber.Bad(300, seed: 1)), good = View(ArticleNumber.Good(1500, seed: 1));
        Assert.Equal("There is no good row to learn from: 300 rows are labelled bad. Give good rows, with the label false or 0.",
            Assert.Throws<TextDataException>(() => Trainer(_ml, options).Fit(bad)).Message);
        foreach (Action calibrate in (Action[])[() => Trainer(_ml, options).Fit(good, bad),
            () => model.ToAnomalyDetector(bad, new() { LabelColumnName = "Label" })])
        {
            Assert.Equal("There is no good row to calibrate with: 300 held-out rows are labelled bad. Give good rows, with the label false "
                + "or 0.", Assert.Throws<TextDataException>(calibrate).Message);
        }

        ArticleNumber[] rows = [.. ArticleNumber.Good(1500, seed: 1)];
        rows[2].Label = float.NaN;
        foreach (Action use in (Action[])[() => Trainer(_ml, options).Fit(View(rows)), () => Trainer(_ml, options).Fit(good, View(rows)),
            () => model.ToAnomalyDetector(View(rows), new() { LabelColumnName = "Label" })])
        {
            Assert.Equal("Row 3: the label in column 'Label' is missing (NaN). Give 0 for a good row and 1 for a bad one, or leave the row "
                + "out.", Assert.Throws<TextDataException>(use).Message);
        }
    }

    [Fact]
    public void RowsThatAreAllEqualCalibrateToo()
    {
        IDataView data = View([.. Enumerable.Repeat(new ArticleNumber { Text = "AX-123-B" }, 1200)]);
        using RnnTextAnomalyDetector model = Trainer(_ml, Options()).Fit(data);
        Answer[] answers = Read(model.Transform(View([new() { Text = "AX-123-B" }, new() { Text = "AX-124-B" }, new() { Text = null }])));
        Assert.Equal([false, true, true], answers.Select(answer => answer.PredictedLabel));
        Assert.Equal(1, answers[0].PValue);
        Assert.All(answers, answer => Assert.True(float.IsFinite(answer.Score)));
    }

    [Fact]
    public void NothingIsComputedForColumnsThatNobodyReads()
    {
        var source = new CountingView(View(ArticleNumber.Good(9, seed: 2)));
        IDataView view = Trained.Value.Transform(source);
        Assert.Equal(9, view.GetColumn<string>("Text").Count());
        Assert.Equal(["Text"], Assert.Single(source.Readings));
        Assert.Equal(9, view.GetColumn<float>("PValue").Count());
        Assert.Equal((3, 0), (source.Readings.Count, source.Open));
    }

    [Fact]
    public void TheDataAreReadOnce()
    {
        var train = new CountingView(View(ArticleNumber.Good(1200, seed: 1)));
        using (Trainer(_ml, Options()).Fit(train))
            Assert.Equal(["Text"], Assert.Single(train.Readings));
        var heldOut = new CountingView(View(ArticleNumber.Good(120, seed: 2)));
        train.Readings.Clear();
        using (Trainer(_ml, Options()).Fit(train, heldOut))
            Assert.Equal((1, 1, 0), (train.Readings.Count, heldOut.Readings.Count, train.Open + heldOut.Open));
    }

    [Fact]
    public void ACancelledContextEndsTheReadingAndTheCalibration()
    {
        using RnnLanguageModelTransformer language = SmallModels.Train(_ml);
        using RnnTextAnomalyDetector detector = language.ToAnomalyDetector(View(ArticleNumber.Good(120, seed: 2)));
        using DataViewRowCursor cursor = detector.Transform(View(ArticleNumber.Good(300, seed: 2))).GetRowCursor(
            detector.GetOutputSchema(View([]).Schema));
        Assert.True(cursor.MoveNext());
        _ml.CancelExecution();
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => language.ToAnomalyDetector(View(ArticleNumber.Good(120, seed: 2))));
    }

    [Fact]
    public void ATrainingThatIsCancelledKeepsItsBestWeightsAndIsCalibrated()
    {
        using var source = new CancellationTokenSource();
        RnnTextAnomalyDetectionTrainer.Options options = Options();
        (options.Training.CancellationToken, options.Training.MaxSteps) = (source.Token, 1_000_000);
        options.Training.Progress = new Cancelling(source);
        using RnnTextAnomalyDetector model = Trainer(_ml, options).Fit(View(ArticleNumber.Good(1200, seed: 1)));
        Assert.Equal(120, model.Model.AnomalyDetector!.HeldOutRows);

        options.Training.OnCancel = CancellationBehavior.Throw;
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(_ml, options).Fit(View(ArticleNumber.Good(1200, seed: 1))));
    }

    [Fact]
    public void AFileWithoutItsCalibrationIsRefused()
    {
        _ml.Model.Save(Trained.Value, View([]).Schema, _path);
        SavedModel saved = ModelArchive.Load(_path);
        Assert.NotNull(saved.Calibration);
        using var whole = (RnnTextAnomalyDetector)_ml.Model.Load(_path, out _);
        Assert.Contains("calibration", Assert.Throws<FormatException>(
            () => new RnnTextAnomalyDetector(_ml, saved with { Calibration = null })).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Annotations(DataViewSchema.Column column) =>
        column.Annotations.Schema.Select(annotation => annotation.Type is TextDataViewType
            ? $"{annotation.Name}: {Text(column, annotation.Name)}"
            : $"{annotation.Name}: {annotation.Type}").Order(StringComparer.Ordinal);

    private static string Text(DataViewSchema.Column column, string annotation)
    {
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(annotation, ref value);
        return value.ToString();
    }

    private static uint ScoreSet(DataViewSchema.Column column)
    {
        uint value = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref value);
        return value;
    }

    private static RnnTextAnomalyDetectionTrainer Trainer(MLContext ml, RnnTextAnomalyDetectionTrainer.Options options) =>
        ml.AnomalyDetection.Trainers.RnnText(options);

    private static RnnTextAnomalyDetectionTrainer.Options Options(EngineKind engine = EngineKind.Managed)
    {
        SmallModels.Require(engine);
        return new()
        {
            Model = { Cell = CellType.Gru, HiddenSize = 24, EmbeddingSize = 8 },
            Data = { BatchSize = 16 },
            Optimizer = { LearningRate = 0.02 },
            Training = { Epochs = 0, MaxSteps = 150, Seed = 3 },
            Device = { Engine = engine, Threads = 2 },
        };
    }

    private RnnLanguageModelTransformer Language(ArticleNumber[] rows)
    {
        RnnTextAnomalyDetectionTrainer.Options like = Options();
        return _ml.Transforms.Text.RnnLanguageModel(new RnnLanguageModelTrainer.Options
        {
            Model = like.Model,
            Data = like.Data,
            Optimizer = like.Optimizer,
            Training = like.Training,
            Device = like.Device,
        }).Fit(View(rows));
    }

    private IDataView View(ArticleNumber[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private Answer[] Read(IDataView view) => Read(_ml, view);

    private static Answer[] Read(MLContext ml, IDataView view) =>
        [.. ml.Data.CreateEnumerable<Answer>(view, reuseRowObject: false, ignoreMissingColumns: true)];

    private static string Describe(TextCheck check) => $"{new Answer
    {
        Score = (float)check.Score,
        PredictedLabel = check.IsAnomaly,
        PValue = (float)check.PValue,
        LeastLikelyPosition = check.LeastLikelyPosition,
        Suggestion = check.Suggestion ?? "",
    }}";

    private sealed class Answer
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }

        public float PValue { get; set; }

        public int LeastLikelyPosition { get; set; }

        public string Suggestion { get; set; } = "";

        /// <summary>Writes what the program of the tests prints of a row.</summary>
        public override string ToString() =>
            FormattableString.Invariant($"{Score:R} {PredictedLabel} {PValue:R} {LeastLikelyPosition} {Suggestion}");
    }

    private sealed class Refusing : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => throw new NotSupportedException("The training has begun.");
    }

    private sealed class Cancelling(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }
}
