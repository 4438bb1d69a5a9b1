using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using RnnLm.MLNet.Transformers;
using RnnLm.Managed.Training;

namespace RnnLm.MLNet.Tests;

public sealed class RnnLanguageModelTransformerTests
{
    private readonly MLContext _ml = new();

    public static TheoryData<EngineKind> Engines => SmallModels.Engines;

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public void EachWayOfAskingGivesTheSameContinuation(EngineKind engine)
    {
        using RnnLanguageModelTransformer model = SmallModels.Model(engine);
        IDataView one = SmallModels.View(_ml, ["Hello"]);
        string expected = Assert.Single(model.Transform(one).Texts());
        Assert.Equal(expected, model.Predict(_ml, "Hello"));
        Assert.Equal(expected, model.Model.Generate("Hello"));
        Assert.Equal(expected, model.Continue(_ml, SmallModels.Prompts)[0]);
        Assert.Equal(model.Continue(_ml, SmallModels.Prompts),
            model.Model.GenerateAll(SmallModels.Prompts).Select(samples => samples[0].Text));
    }

    [SkippableFact]
    public void OnTorchSharpASeedRepeatsABatchAndTheLikeliestTextIsThatOfTheManagedEngine()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model(EngineKind.TorchSharp);
        string[] written = model.Continue(_ml, SmallModels.Messages);
        using RnnLanguageModelTransformer again = model.WithSampling(model.Sampling);
        Assert.Equal(written, again.Continue(new MLContext(), SmallModels.Messages));

        using RnnLanguageModelTransformer greedy = model.WithSampling(new SamplingOptions { Temperature = 0, MaxLength = 40 });
        using var file = new MemoryStream();
        greedy.Model.Save(file);
        ITransformer managed = new MLContext().Model.Load(file, out _);   // runs on the managed engine, as nothing else is asked for
        string[] likeliest = greedy.Continue(_ml, SmallModels.Prompts);
        Assert.Equal(likeliest, managed.Continue(_ml, SmallModels.Prompts));
        Assert.True(likeliest.Distinct(StringComparer.Ordinal).Count() > 1);
    }

    [Fact]
    public void AColumnReadsTheSameHoweverOftenAndInWhateverOrderItIsRead()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        string[] prompts = [.. Enumerable.Range(0, 150).Select(i => SmallModels.Prompts[i % SmallModels.Prompts.Length])];
        IDataView view = model.Transform(_ml.Data.Cache(_ml.Data.LoadFromEnumerable(prompts.Select((text, i) =>
            new Numbered { Text = text, Number = i }))));
        string[] expected = view.Texts();
        Assert.Equal(expected, view.Texts());
        Assert.True(expected[0] != expected[3], "Rows of the same text have different continuations.");

        foreach (IDataView other in new[] { _ml.Data.ShuffleRows(view, seed: 4), _ml.Data.Cache(view), _ml.Data.TakeRows(view, 5),
            _ml.Data.SkipRows(view, 140) })
        {
            foreach (Continued row in _ml.Data.CreateEnumerable<Continued>(other, reuseRowObject: false))
                Assert.Equal(expected[row.Number], row.Continuation);
        }

        foreach (DataViewRowCursor cursor in view.GetRowCursorSet(view.Schema, 3, new Random(1)))
        {
            ValueGetter<int> number = cursor.GetGetter<int>(view.Schema["Number"]);
            ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Continuation"]);
            for ((int n, ReadOnlyMemory<char> t) = (0, default); cursor.MoveNext();)
            {
                number(ref n);
                text(ref t);
                Assert.Equal(expected[n], t.ToString());
            }
        }
    }

    [Fact]
    public void WithoutASeedADataViewRepeatsItselfAndNoOther()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model().WithSampling(new SamplingOptions { MaxLength = 30 });
        IDataView data = SmallModels.View(_ml, SmallModels.Prompts), view = model.Transform(data);
        Assert.Equal(view.Texts(), view.Texts());
        Assert.NotEqual(view.Texts(), model.Transform(data).Texts());

        using PredictionEngine<TextInput, TextOutput> engine = _ml.Model.CreatePredictionEngine<TextInput, TextOutput>(model);
        string[] written = [.. Enumerable.Range(0, 5).Select(_ => engine.Predict(new TextInput { Text = "Hello" }).Continuation)];
        Assert.Equal(5, written.Distinct().Count());
    }

    [Fact]
    public void ARowKeyColumnTiesTheContinuationToTheRow()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.RowKeyColumnName = "Number";
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options)
            .Fit(_ml.Data.LoadFromEnumerable(SmallModels.Messages.Select((text, i) => new Numbered { Text = text, Number = i })));
        Numbered[] rows = [.. Enumerable.Range(0, 40).Select(i => new Numbered { Text = "Hello", Number = i })];
        string[] expected = model.Transform(_ml.Data.LoadFromEnumerable(rows)).Texts();
        Assert.True(expected.Distinct().Count() > 30);
        Assert.Equal(expected.Reverse(), model.Transform(_ml.Data.LoadFromEnumerable(rows.Reverse())).Texts());

        using PredictionEngine<Numbered, TextOutput> engine = _ml.Model.CreatePredictionEngine<Numbered, TextOutput>(model);
        Assert.Equal(expected.Reverse(), rows.Reverse().Select(row => engine.Predict(row).Continuation));
    }

    [Fact]
    public void ColumnsGiveARowItsOwnTemperatureAndLength()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.TemperatureColumnName, options.MaxLengthColumnName) = ("Temperature", "Length");
        (options.FinishReasonColumnName, options.LogProbabilityColumnName) = ("Why", "LogProbability");
        Settings[] rows = [new(0, 4), new(float.NaN, 9), new(0, 30), new(1, 0)];
        IDataView data = _ml.Data.LoadFromEnumerable([.. SmallModels.Messages.Select(text => new Settings { Text = text }), .. rows]);
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        IDataView view = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        string[] written = view.Texts();
        Assert.Equal([4, 9, 30, 0], written.Select(text => text.Length));
        Assert.Equal(written[0], written[2][..4]);
        Assert.All(view.Texts("Why"), reason => Assert.Equal("Length", reason));
        float[] logarithms = [.. view.GetColumn<float>("LogProbability")];
        Assert.True(logarithms[2] < logarithms[0] && logarithms[0] < 0 && logarithms[3] == 0);

        var e = Assert.Throws<OptionsException>(() => model.Transform(_ml.Data.LoadFromEnumerable([new Settings(-1, 5)])).Texts());
        Assert.Contains("emperature", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ATextMatchesItsRowsPatternElseThatOfTheOptions(int beams)
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.PatternColumnName, options.FinishReasonColumnName, options.LogProbabilityColumnName) =
            ("Pattern", "Why", "LogProbability");
        options.Sampling.Pattern = "[a-z]{2} [a-z]{3}";
        Patterned[] rows = [new("one|two"), new(""), new("[A-Z]{12}"), new("x")];
        IDataView data = _ml.Data.LoadFromEnumerable([.. SmallModels.Messages.Select(text => new Patterned("") { Text = text }), .. rows]);
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        options.Sampling.Beams = options.Sampling.NumSamples = beams;
        using RnnLanguageModelTransformer written = model.WithSampling(options.Sampling);
        IDataView view = written.Transform(_ml.Data.LoadFromEnumerable(rows));

        string[][] texts = [.. beams == 1 ? view.Texts().Select(text => new[] { text }) : view.GetColumn<string[]>("Continuation")];
        string[] patterns = ["^(one|two)$", "^[a-z]{2} [a-z]{3}$", "^[A-Z]{12}$", "^x$"];
        for (int i = 0; i < rows.Length; i++)
            Assert.Matches(patterns[i], texts[i][0]);
        if (beams == 1)
        {
            Assert.Equal(["Pattern", "Pattern", "Pattern", "Pattern"], view.Texts("Why"));
            using PredictionEngine<Patterned, TextOutput> engine = _ml.Model.CreatePredictionEngine<Patterned, TextOutput>(written);
            Assert.Matches("^[a-z]{2} [a-z]{3}$", engine.Predict(rows[1]).Continuation);
            return;
        }

        // There are two texts that match, and one; what is not there is missing.
        Assert.Equal(["one", "two", ""], texts[0].OrderByDescending(text => text.Length).ThenBy(text => text));
        Assert.Equal(["x", "", ""], texts[3]);
        Assert.Equal([false, true, true], view.GetColumn<float[]>("LogProbability").Last().Select(float.IsNaN));
    }

    [Fact]
    public void APatternThatNoTextCanMatchNamesTheRow()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.PatternColumnName, options.RowKeyColumnName) = ("Pattern", "Key");
        IDataView data = _ml.Data.LoadFromEnumerable(SmallModels.Messages.Select(text => new Patterned("") { Text = text }));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        IDataView view = model.Transform(_ml.Data.LoadFromEnumerable([new Patterned("a"), new Patterned("a[漢字]") { Key = 77 }]));
        var e = Assert.Throws<OptionsException>(() => view.Texts());
        Assert.Equal("Sampling.Pattern 'a[漢字]' of the row with key 77 can't be matched: the model's vocabulary has no character for "
            + "'[漢字]'. (Parameter 'request')", e.Message);
    }

    [Fact]
    public void ColumnsOfTheWrongTypeAreReportedWhenTheyAreBound()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.TemperatureColumnName, options.MaxLengthColumnName, options.RowKeyColumnName) = ("Temperature", "Length", "Key");
        RnnLanguageModelTrainer trainer = _ml.Transforms.Text.RnnLanguageModel(options);
        IDataView data = _ml.Data.LoadFromEnumerable(SmallModels.Messages.Select(text =>
            new { Text = text, Temperature = 1.0, Length = 5f, Key = 3 }));
        using RnnLanguageModelTransformer model = trainer.Fit(data);
        Assert.Equal("Schema mismatch for temperature column 'Temperature': expected Single, got Double (Parameter 'inputSchema')",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(data)).Message.Split('\n')[0].TrimEnd());
        Assert.Throws<ArgumentOutOfRangeException>(() => model.GetOutputSchema(data.Schema));
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(SmallModels.View(_ml, ["a"])));
        Assert.StartsWith("Could not find ", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Copy", "Text").Append(trainer).Fit(data));
    }

    [Fact]
    public void AConditionSteersTheText()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.ConditionColumnName, options.Training.MaxSteps, options.Sampling.Temperature) =
            (DataMode.Rows, "Kind", 120, 0);
        Kinded[] rows = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? new Kinded("aaaa", "a") : new Kinded("bbbb", "b"))];
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        Assert.Equal(["aaaa", "bbbb"], model.Transform(_ml.Data.LoadFromEnumerable([new Kinded("", "a"), new Kinded("", "b")])).Texts());
        IDataView view = model.Transform(_ml.Data.LoadFromEnumerable([new Kinded("", "unheard of")]));
        Assert.Contains("It knows 'a', 'b'.", Assert.Throws<ArgumentOutOfRangeException>(() => view.Texts()).Message,
            StringComparison.Ordinal);
        // A missing one is none, as it is in training and elsewhere, and the log says so once.
        var log = new List<string>();
        _ml.Log += (_, e) => log.Add(e.Message);
        Assert.Equal(Enumerable.Repeat(model.Model.Generate(), 2),
            model.Transform(_ml.Data.LoadFromEnumerable([new Kinded("", ""), new Kinded("", "")])).Texts());
        Assert.Single(log, message => message.Contains("The condition of rows is missing; they are read without one. It knows 'a', 'b'.",
            StringComparison.Ordinal));

        // A key column, as a classifier's label is, works like the text that it was made of.
        IDataView keyed = _ml.Transforms.Conversion.MapValueToKey("Kind").Fit(data).Transform(data);
        using RnnLanguageModelTransformer fromKeys = _ml.Transforms.Text.RnnLanguageModel(options).Fit(keyed);
        Assert.Equal(["a", "b"], fromKeys.Model.Conditions);
        IDataView empty = _ml.Transforms.Conversion.MapValueToKey("Kind").Fit(data)
            .Transform(_ml.Data.LoadFromEnumerable([new Kinded("", "a"), new Kinded("", "b")]));
        Assert.Equal(["aaaa", "bbbb"], fromKeys.Transform(empty).Texts());
    }

    [Fact]
    public void PairsAreTrainedOnTwoColumnsAndAnsweredFromOne()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.TargetColumnName, options.Training.MaxSteps, options.Sampling.Temperature) =
            (DataMode.Pairs, "Answer", 150, 0);
        (string, string)[] pairs = [("1+1=?", "2"), ("1+2=?", "3")];
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100)
            .Select(i => new { Text = pairs[i % 2].Item1, Answer = pairs[i % 2].Item2 }));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        Assert.Equal(["2", "3"], model.Continue(_ml, ["1+1=?", "1+2=?"]));
    }

    [Fact]
    public void SeveralSamplesMakeAVector()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model()
            .WithSampling(new SamplingOptions { NumSamples = 4, MaxLength = 12, Seed = 1 });
        IDataView view = model.Transform(SmallModels.View(_ml, SmallModels.Prompts));
        string[][] samples = [.. view.GetColumn<string[]>("Continuation")];
        Assert.All(samples, row => Assert.Equal(4, row.Distinct().Count()));
        Assert.Equal(samples[0], model.Model.GenerateAll(["Hello"], model.Sampling).Single().Select(sample => sample.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AColumnSaysWhetherASampleIsInTheTrainingData(bool includePrompt)
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.InTrainingDataColumnName, options.Training.MaxSteps) = (DataMode.Rows, "Known", 60);
        (options.Sampling.NumSamples, options.Sampling.Temperature, options.Sampling.IncludePrompt) = (2, 0.7, includePrompt);
        string[] words = ["anna", "otto", "hannah", "ada"];
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml, options, Enumerable.Range(0, 200).Select(i => words[i % 4]));
        string[] prompts = ["", "a", "h", "zz"];
        IDataView view = model.Transform(SmallModels.View(_ml, [.. Enumerable.Range(0, 60).Select(i => prompts[i % 4])]));
        bool[] known = [.. view.GetColumn<bool[]>("Known").SelectMany(flags => flags)];
        bool[] expected = [.. view.GetColumn<string[]>("Continuation").SelectMany((texts, i) =>
            texts.Select(text => words.Contains(includePrompt ? text : prompts[i % 4] + text)))];
        Assert.Equal(expected, known);
        Assert.Contains(true, known);
        Assert.Contains(false, known);
        Assert.Equal(known[..2], _ml.Model.CreatePredictionEngine<TextInput, Flags>(model).Predict(new TextInput { Text = "" }).Known);
    }

    [Fact]
    public void ManyThreadsGetWhatOneGets()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        string[] prompts = [.. Enumerable.Range(0, 20).Select(i => $"{SmallModels.Prompts[i % 8]} {i}")];
        string[] expected = [.. prompts.Select(prompt => model.Predict(_ml, prompt))];
        var shared = new PredictionEngineOptions { OwnsTransformer = false };
        Parallel.For(0, 640, new ParallelOptions { MaxDegreeOfParallelism = 64 },
            () => _ml.Model.CreatePredictionEngine<TextInput, TextOutput>(model, shared), (i, _, engine) =>
        {
            Assert.Equal(expected[i % 20], engine.Predict(new TextInput { Text = prompts[i % 20] }).Continuation);
            return engine;
        }, engine => engine.Dispose());

        string[] column = model.Continue(_ml, prompts);
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ => Assert.Equal(column, model.Continue(_ml, prompts)));
    }

    [Fact]
    public void NothingIsWrittenForAColumnThatNobodyReads()
    {
        var data = new CountingView(SmallModels.View(_ml, SmallModels.Messages));
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView view = model.Transform(data);
        Assert.Empty(data.Readings);
        Assert.Equal(SmallModels.Messages, view.Texts("Text"));
        Assert.Equal(["Text"], Assert.Single(data.Readings));
        view.Texts();
        Assert.Equal(3, data.Readings.Count);
        Assert.Equal(0, data.Open);
    }

    [Fact]
    public void DisposingOneEngineOrChainLeavesTheWeightsToTheOthers()
    {
        RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextScorer scorer = model.ToScorer();
        string expected = model.Predict(_ml, "Hello");
        float perplexity = scorer.Transform(SmallModels.View(_ml, ["Hello"])).GetColumn<float>("Perplexity").Single();
        var other = _ml.Model.CreatePredictionEngine<TextInput, TextOutput>(model);
        var engine = _ml.Model.CreatePredictionEngine<TextInput, TextOutput>(new TransformerChain<ITransformer>(model));

        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Transform(SmallModels.View(_ml, ["Hello"])));
        Assert.Equal(expected, other.Predict(new TextInput { Text = "Hello" }).Continuation);
        Assert.Equal(perplexity, scorer.Transform(SmallModels.View(_ml, ["Hello"])).GetColumn<float>("Perplexity").Single());
        other.Dispose();
    }

    [Fact]
    public void ADisposedTransformerSaysSoAndIsDisposedOnce()
    {
        RnnLanguageModelTransformer model = SmallModels.Model();
        RnnLanguageModel core = model.Model;
        IDataView data = SmallModels.View(_ml, ["Hello"]), view = model.Transform(data);
        model.Dispose();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Transform(data));
        Assert.Throws<ObjectDisposedException>(() => model.GetOutputSchema(data.Schema));
        Assert.Throws<ObjectDisposedException>(() => model.Model);
        Assert.Throws<ObjectDisposedException>(() => model.ToScorer());
        Assert.Throws<ObjectDisposedException>(() => model.WithSampling(new SamplingOptions()));
        Assert.Throws<ObjectDisposedException>(() => _ml.Model.Save(model, data.Schema, new MemoryStream()));
        Assert.Throws<ObjectDisposedException>(() => _ml.Model.CreatePredictionEngine<TextInput, TextOutput>(model));
        Assert.Throws<ObjectDisposedException>(() => _ml.Transforms.Text.RnnLanguageModel(SmallModels.Options()).Fit(data, model));
        Assert.Throws<ObjectDisposedException>(() => core.Generate("Hello"));
        Assert.Throws<ObjectDisposedException>(() => view.Texts());
    }

    [SkippableTheory]
    [MemberData(nameof(Engines))]
    public async Task DisposingWhileOthersReadEndsInResultsOrInAClearError(EngineKind engine)
    {
        for (int round = 0; round < 5; round++)
        {
            RnnLanguageModelTransformer model = SmallModels.Model(engine);
            string[] expected = model.Continue(_ml, SmallModels.Prompts);
            using var start = new Barrier(4);
            Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                try
                {
                    while (true)
                        Assert.Equal(expected, model.Continue(_ml, SmallModels.Prompts));
                }
                catch (ObjectDisposedException)
                {
                }
            }, TaskCreationOptions.LongRunning))];
            start.SignalAndWait();
            await Task.Delay(round * 5);
            model.Dispose();
            await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void UnknownCharactersAreWarnedOfOnce()
    {
        int warnings = 0;
        _ml.Log += (_, entry) => warnings += entry.Kind == ChannelMessageKind.Warning ? 1 : 0;
        string path = Path.GetTempFileName();
        using RnnLanguageModelTransformer model = SmallModels.Model();
        model.Model.Save(path);
        ITransformer loaded = _ml.Model.Load(path, out _);
        File.Delete(path);
        Assert.Equal(3, loaded.Continue(_ml, ["ჰ", "ჰჰ", "ჰ"]).Length);
        Assert.Equal(1, warnings);
    }

    [Fact]
    public void ItStandsInAnEstimatorPipelineAsItIs()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView data = SmallModels.View(_ml, SmallModels.Prompts);
        ITransformer fitted = _ml.Transforms.CopyColumns("Copy", "Text").Append(model)
            .Append(_ml.Transforms.CopyColumns("Again", "Continuation")).Fit(data);
        Assert.Equal(model.Continue(_ml, SmallModels.Prompts), fitted.Transform(data).Texts("Again"));
        (fitted as IDisposable)!.Dispose();
        Assert.NotEmpty(model.Predict(_ml, "Hello"));
    }

    [Fact]
    public void SamplingInAnotherWaySharesTheWeights()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnLanguageModelTransformer greedy = model.WithSampling(new SamplingOptions { Temperature = 0, MaxLength = 15 });
        Assert.Equal(15, greedy.Predict(_ml, "Hello").Length);
        Assert.Equal(greedy.Predict(_ml, "Hello"), greedy.Model.Generate("Hello"));
        Assert.Equal((0.0, 15), (greedy.Sampling.Temperature, greedy.Model.Sampling.MaxLength));
        Assert.NotEqual(greedy.Predict(_ml, "Hello"), model.Predict(_ml, "Hello"));
        Assert.Same(model.Loaded, greedy.Loaded);
    }

    [Fact]
    public void OptionsOfSamplingAreChecked()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        var e = Assert.Throws<OptionsException>(() => model.WithSampling(new SamplingOptions
        {
            TopP = 0,
            Temperature = double.PositiveInfinity,
            StopStrings = [""]
        }));
        Assert.Contains("3 options are wrong", e.Message, StringComparison.Ordinal);
    }

    private sealed class Flags
    {
        [VectorType(2)]
        public bool[] Known { get; set; } = [];
    }

    private class Numbered
    {
        public string Text { get; set; } = "";

        public int Number { get; set; }
    }

    private sealed class Continued : Numbered
    {
        public string Continuation { get; set; } = "";
    }

    private sealed class Patterned
    {
        public Patterned()
        {
        }

        public Patterned(string pattern) => Pattern = pattern;

        public string Text { get; set; } = "";

        public string Pattern { get; set; } = "";

        public int Key { get; set; }
    }

    private sealed class Settings
    {
        public Settings()
        {
        }

        public Settings(float temperature, int length) => (Text, Temperature, Length) = ("Hello", temperature, length);

        public string Text { get; set; } = "";

        public float Temperature { get; set; }

        public int Length { get; set; }
    }

    private sealed class Kinded(string text, string kind)
    {
        public string Text { get; set; } = text;

        public string Kind { get; set; } = kind;
    }
}
