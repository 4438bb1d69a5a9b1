using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;

namespace RnnLm.MLNet.Tests;

public sealed class RnnTextSuggesterTests : IDisposable
{
    private const int Count = 3;

    private static readonly string?[] Prefixes = ["", null, "H", "Hel", "Hello", "My or", "Hello", "my odrer ", "Ж", "zzz", "The par", "I"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rnnlm-{Guid.NewGuid():N}.zip");

    private static readonly SuggestOptions[] Ways =
    [
        new SuggestOptions { Count = Count },
        new SuggestOptions { Count = Count, Typos = 1, MaxSteps = 300 },
        new SuggestOptions { Count = Count, To = SuggestTo.Pattern, Pattern = @"[A-Za-z ]{0,7}\.?", MinProbability = 1e-3 },
        new SuggestOptions { Count = Count, MaxLength = 2, TypoPenalty = 1.5, MaxSteps = 2 },
    ];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RowsOfABatchAndRowsAloneHaveWhatTheCoreSuggests(int way)
    {
        SuggestOptions suggest = Ways[way];
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextSuggester suggester = model.ToSuggester(All(suggest));
        Row[] rows = Read(suggester.Transform(SmallModels.View(_ml, Prefixes)));
        using PredictionEngine<TextInput, Row> engine = Engine(suggester);
        Assert.Contains(rows, row => row.Suggestions[0].Length > 0);
        for (int i = 0; i < rows.Length; i++)
        {
            SuggestionList expected = model.Model.Suggest(Prefixes[i] ?? "", suggest);
            Assert.Equal(Filled(expected, suggestion => suggestion.Text, ""), rows[i].Suggestions);
            Assert.Equal(Filled(expected, suggestion => suggestion.Completion ?? "", ""), rows[i].Completions);
            Assert.Equal(Filled(expected, suggestion => (float)suggestion.Probability, 0), rows[i].Probabilities);
            Assert.Equal(expected.IsComplete, rows[i].IsComplete);
            Assert.Equal(rows[i].ToString(), engine.Predict(new TextInput { Text = Prefixes[i] }).ToString());
        }
    }

    [SkippableFact]
    public void AModelOfTorchSharpSuggestsWhatTheCoreSays()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model(EngineKind.TorchSharp);
        using RnnTextSuggester suggester = model.ToSuggester(All(new() { Count = Count, Typos = 1 }));
        _ml.Model.Save(suggester, SmallModels.View(_ml, []).Schema, _path);
        // What is loaded without a GPU runs on the managed engine.
        Row[] rows = Read(suggester.Transform(SmallModels.View(_ml, Prefixes))),
            loaded = Read(new MLContext().Model.Load(_path, out _).Transform(SmallModels.View(_ml, Prefixes)));
        for (int i = 0; i < Prefixes.Length; i++)
        {
            SuggestionList expected = model.Model.Suggest(Prefixes[i] ?? "", new() { Count = Count, Typos = 1 });
            foreach (Row row in new[] { rows[i], loaded[i] })
            {
                Assert.Equal(Filled(expected, suggestion => suggestion.Text, ""), row.Suggestions);
                Assert.Equal(Filled(expected, suggestion => (float)suggestion.Probability, 0), row.Probabilities,
                    (a, b) => Math.Abs(a - b) < 1e-4);
            }
        }
    }

    [Fact]
    public void VectorsHaveASlotForEachSuggestionSoThatTheyAreTrainedOn()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextSuggester suggester = model.ToSuggester(new() { Suggest = { Count = 4 } });
        IDataView data = SmallModels.View(_ml, ["Hel", "zzz"]);
        IDataView view = suggester.Transform(data);
        Assert.Equal(["Text: String", "Suggestions: Vector<String, 4>", "Probabilities: Vector<Single, 4>"], Describe(view.Schema));
        // The pipeline is checked by shapes before it is fitted, and needs vectors of a known size.
        IDataView features = suggester.Append(_ml.Transforms.Concatenate("Features", "Probabilities", "Probabilities"))
            .Fit(data).Transform(data);
        Assert.Equal("Vector<Single, 8>", $"{features.Schema["Features"].Type}");
        Assert.All(features.GetColumn<float[]>("Features"), row => Assert.DoesNotContain(float.NaN, row));
    }

    [Fact]
    public void ColumnsMayBeRenamedOrLeftOut()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextSuggester suggester = model.ToSuggester(new()
        {
            InputColumnName = "Typed",
            SuggestionsColumnName = null,
            ProbabilitiesColumnName = null,
            CompletionsColumnName = "Rest",
            IsCompleteColumnName = "Done",
        });
        IDataView view = suggester.Transform(_ml.Data.LoadFromEnumerable([new { Typed = "Hel" }]));
        Assert.Equal(["Typed: String", "Rest: Vector<String, 5>", "Done: Boolean"], Describe(view.Schema));
        Assert.Equal(model.Model.Suggest("Hel").Select(suggestion => suggestion.Completion), view.GetColumn<string[]>("Rest").Single());
        Assert.StartsWith("Could not find input column 'Typed'",
            Assert.Throws<ArgumentOutOfRangeException>(() => suggester.Transform(SmallModels.View(_ml, ["a"]))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void WrongOptionsAreNamed(int count)
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        var wrong = Assert.Throws<OptionsException>(() => model.ToSuggester(new()
        {
            Suggest = { Count = count, To = SuggestTo.End, Typos = 5 },
            SuggestionsColumnName = "Probabilities",
        }));
        Assert.Equal(["SuggestionsColumnName", "Count", "Typos", "To"], wrong.Faults.Select(fault => fault.Property));
        wrong = Assert.Throws<OptionsException>(() => model.ToSuggester(new() { Suggest = { To = SuggestTo.Pattern, Pattern = "Ж+" } }));
        Assert.Equal("Pattern", Assert.Single(wrong.Faults).Property);
    }

    [Fact]
    public void AsManySuggestionsMayBeAskedForAsOptionsAllow()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        var suggest = new SuggestOptions { Count = 10_000, MaxSteps = 200, MaxLength = 1000 };
        using RnnTextSuggester suggester = model.ToSuggester(All(suggest));
        Row row = Assert.Single(Read(suggester.Transform(SmallModels.View(_ml, [string.Concat(Enumerable.Repeat("My order ", 200))]))));
        Assert.Equal((10_000, 10_000, false), (row.Suggestions.Length, row.Probabilities.Length, row.IsComplete));
        Assert.InRange(row.Probabilities.Count(probability => probability > 0), 1, 200);
    }

    [Fact]
    public void ItIsSavedAndLoadedInANewProcess()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        IDataView data = SmallModels.View(_ml, SmallModels.Prompts);
        using RnnTextSuggester suggester = model.ToSuggester(new() { Suggest = { Count = Count, Typos = 1, MaxSteps = 300 } });
        _ml.Model.Save(new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Text").Fit(data), suggester), data.Schema,
            _path);
        string[] expected = [.. Read(suggester.Transform(data)).Select(row => row.ToString())];

        Dictionary<string, string[]> after = TestHost.Run(_path, SmallModels.Prompts);

        Assert.Contains(nameof(RnnTextSuggester), after["members"]);
        Assert.Equal(expected, after["transform"]);
        Assert.Equal(expected, after["engine"]);
    }

    [Fact]
    public void EachOptionIsSaved()
    {
        var suggest = new SuggestOptions
        {
            Count = 7,
            To = SuggestTo.Pattern,
            Pattern = "[a-z]{1,5} ?,?",
            Typos = 2,
            TypoPenalty = 0.1 + 0.2,
            MinProbability = 1e-9,
            MaxLength = 9,
            MaxSteps = 11,
        };
        var defaults = new SuggestOptions();
        Assert.All(typeof(SuggestOptions).GetProperties(), p => Assert.NotEqual(p.GetValue(defaults), p.GetValue(suggest)));
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextSuggester suggester = model.ToSuggester(All(suggest));
        suggest.Count = 1;   // the options were copied
        _ml.Model.Save(suggester, SmallModels.View(_ml, []).Schema, _path);
        suggest.Count = 7;
        var loaded = Assert.IsType<RnnTextSuggester>(Single(new MLContext().Model.Load(_path, out _)));
        Assert.All(typeof(SuggestOptions).GetProperties(), p => Assert.Equal(p.GetValue(suggest), p.GetValue(loaded.Suggest)));
        Assert.Equal(Describe(suggester.GetOutputSchema(SmallModels.View(_ml, []).Schema)),
            Describe(loaded.GetOutputSchema(SmallModels.View(_ml, []).Schema)));
    }

    [Fact]
    public void ConditionsAndPatternsAreThoseOfTheRow()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.ConditionColumnName, options.Training.MaxSteps) = (DataMode.Rows, "Kind", 200);
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100)
            .Select(i => new Typed { Text = i % 2 == 0 ? "one" : "two", Kind = i % 2 == 0 ? "a" : "b" }));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        using RnnTextSuggester suggester = model.ToSuggester(new() { PatternColumnName = "Pattern", Suggest = { Count = 2 } });
        Typed[] rows =
        [
            new() { Kind = "a" }, new() { Kind = "b" }, new() { Kind = "a", Pattern = "t.." }, new() { Kind = "b", Pattern = "t.." },
            new() { Kind = "b", Pattern = "t|o" }, new() { Kind = "b" }, new() { Text = "o", Kind = "a", Pattern = "t.." },
        ];
        string[][] suggested = [.. suggester.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<string[]>("Suggestions")];
        for (int i = 0; i < rows.Length; i++)
        {
            var suggest = new SuggestOptions { Count = 2 };
            if (rows[i].Pattern.Length > 0)
                (suggest.To, suggest.Pattern) = (SuggestTo.Pattern, rows[i].Pattern);
            SuggestionList expected = model.Model.Suggest(rows[i].Text, suggest, rows[i].Kind);
            Assert.Equal(expected.Select(suggestion => suggestion.Text), suggested[i].Where(text => text.Length > 0));
        }

        Assert.Equal(("one", "two", "two"), (suggested[0][0], suggested[1][0], suggested[3][0]));
        Assert.Equal(["", ""], suggested[6]);
        foreach ((Typed row, string fault) in new[] { (new Typed { Kind = "c" }, "'c'"),
            (new Typed { Kind = "a", Pattern = "(" }, "Pattern") })
        {
            var e = Assert.ThrowsAny<ArgumentException>(
                () => suggester.Transform(_ml.Data.LoadFromEnumerable([row])).GetColumn<string[]>("Suggestions").ToArray());
            Assert.Contains(fault, e.Message, StringComparison.Ordinal);
        }

        // What follows names the place; what is wrong with the pattern is said by the core.
        foreach (string pattern in (string[])["(", "漢"])
        {
            var wrong = Assert.Throws<OptionsException>(() => suggester.Transform(_ml.Data.LoadFromEnumerable(
                [rows[0], new() { Kind = "a", Pattern = pattern }])).GetColumn<string[]>("Suggestions").ToArray());
            Assert.StartsWith($"PatternColumnName is 'Pattern', and row 2 of it has a pattern that is wrong: '{pattern}' ", wrong.Message,
                StringComparison.Ordinal);
            using var engine = _ml.Model.CreatePredictionEngine<Typed, Row>(suggester,
                new PredictionEngineOptions { OwnsTransformer = false });
            Assert.StartsWith("PatternColumnName is 'Pattern', and the row has a pattern that is wrong: ",
                Assert.Throws<OptionsException>(() => engine.Predict(new() { Kind = "a", Pattern = pattern })).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AModelThatRefusesUnknownCharactersSuggestsForOthers()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        options.Vocabulary.UnknownCharacters = UnknownCharacterPolicy.Throw;
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml, options);
        using RnnTextSuggester suggester = model.ToSuggester();
        Assert.Equal(2, Read(suggester.Transform(SmallModels.View(_ml, ["Hel", "My"]))).Length);
        Assert.Throws<ArgumentException>(() => Read(suggester.Transform(SmallModels.View(_ml, ["Hel", "Ж"]))));
    }

    [Fact]
    public void AModelOfPairsSuggestsAnswers()
    {
        RnnLanguageModelTrainer.Options options = SmallModels.Options();
        (options.Data.Mode, options.TargetColumnName, options.Training.MaxSteps) = (DataMode.Pairs, "Answer", 150);
        (string Text, string Answer)[] pairs = [("1+1=?", "2"), ("1+2=?", "3")];
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new { pairs[i % 2].Text, pairs[i % 2].Answer }));
        using RnnLanguageModelTransformer model = _ml.Transforms.Text.RnnLanguageModel(options).Fit(data);
        using RnnTextSuggester suggester = model.ToSuggester(new() { Suggest = { Count = 1, To = SuggestTo.End } });
        Assert.Equal([["2"], ["3"]],
            suggester.Transform(SmallModels.View(_ml, ["1+1=?", "1+2=?"])).GetColumn<string[]>("Suggestions"));
        Assert.Throws<OptionsException>(() => model.ToSuggester(new() { Suggest = { Typos = 1 } }));
    }

    [Theory]
    [InlineData("suggest.count", "many")]
    [InlineData("suggest.count", "0")]
    [InlineData("suggest.count", "99999999999")]
    [InlineData("suggest.to", "Sentence")]
    [InlineData("suggest.min_probability", "NaN")]
    [InlineData("suggest.pattern", "(")]
    public void WrongOptionsInAModelFileAreRefused(string key, string value)
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        SavedModel saved = model.Loaded.Saved;
        IReadOnlyDictionary<string, string> metadata = SavedSuggestOptions.AddTo(saved.Metadata, new());
        Assert.Equal(5, SavedSuggestOptions.Read(saved with { Metadata = metadata }).Count);
        var damaged = new Dictionary<string, string>(metadata) { [key] = value };
        Assert.Contains("config.json", Assert.Throws<FormatException>(() => SavedSuggestOptions.Read(saved with { Metadata = damaged }))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchEndsWhenTheContextIsCancelled()
    {
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml);
        using RnnTextSuggester suggester = model.ToSuggester();
        IDataView view = suggester.Transform(_ml.Data.LoadFromEnumerable(Rows()));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.Throws<OperationCanceledException>(() => cursor.MoveNext());

        // The context is cancelled once the row is read, before its search.
        IEnumerable<TextInput> Rows()
        {
            _ml.CancelExecution();
            yield return new TextInput { Text = "Hel" };
        }
    }

    [Fact]
    public void NothingIsComputedForColumnsThatNobodyReads()
    {
        using RnnLanguageModelTransformer model = SmallModels.Model();
        using RnnTextSuggester suggester = model.ToSuggester();
        var source = new CountingView(SmallModels.View(_ml, SmallModels.Prompts));
        IDataView view = suggester.Transform(source);
        Assert.Equal(SmallModels.Prompts, view.GetColumn<string>("Text"));
        Assert.Equal(["Text"], Assert.Single(source.Readings));
        Assert.Equal(SmallModels.Prompts.Length, view.GetColumn<float[]>("Probabilities").Count());
        Assert.Equal((3, 0), (source.Readings.Count, source.Open));
    }

    [Fact]
    public void ACancelledContextEndsTheReading()
    {
        using RnnLanguageModelTransformer model = SmallModels.Train(_ml);
        using RnnTextSuggester suggester = model.ToSuggester();
        IDataView view = suggester.Transform(SmallModels.View(_ml, SmallModels.Prompts));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.True(cursor.MoveNext());
        _ml.CancelExecution();
        Assert.Throws<OperationCanceledException>(() => cursor.MoveNext());
    }

    private static ITransformer Single(ITransformer model) => model is IEnumerable<ITransformer> chain ? Single(chain.Single()) : model;

    private static RnnTextSuggester.Options All(SuggestOptions suggest) => new()
    {
        Suggest = suggest,
        CompletionsColumnName = "Completions",
        IsCompleteColumnName = "IsComplete",
    };

    private static T[] Filled<T>(SuggestionList suggestions, Func<Suggestion, T> select, T missing) =>
        [.. Enumerable.Range(0, Count).Select(i => i < suggestions.Count ? select(suggestions[i]) : missing)];

    private static IEnumerable<string> Describe(DataViewSchema schema) => schema.Select(column => $"{column.Name}: {column.Type}");

    private PredictionEngine<TextInput, Row> Engine(ITransformer model) =>
        _ml.Model.CreatePredictionEngine<TextInput, Row>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private Row[] Read(IDataView view) => [.. _ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false, ignoreMissingColumns: true)];

    private sealed class Row
    {
        [VectorType]
        public string[] Suggestions { get; set; } = [];

        [VectorType]
        public float[] Probabilities { get; set; } = [];

        [VectorType]
        public string[] Completions { get; set; } = [];

        public bool IsComplete { get; set; }

        /// <summary>Writes what the program of the tests prints of a row.</summary>
        public override string ToString() =>
            FormattableString.Invariant($"{string.Join('|', Suggestions)} {string.Join('|', Probabilities.Select(p => $"{p:R}"))}");
    }

    private sealed class Typed
    {
        public string Text { get; set; } = "";

        public string Kind { get; set; } = "";

        public string Pattern { get; set; } = "";
    }
}
