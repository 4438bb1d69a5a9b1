using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>Classifiers that are trained further in ML.NET, and learn new labels.</summary>
public sealed class FurtherClassificationTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Labels go by their names, not by the numbers that the keys of the new data happen to have.</summary>
    [Fact]
    public void LabelsGoByTheirNamesWhateverTheOrderOfTheKeys()
    {
        using RnnTextClassificationTransformer previous = Trainer(steps: 80).Fit(Keyed(Rows("soft", "hard")));
        float[][] before = Scores(previous, "aeou", "xkz");
        var log = new List<LogMessage>();
        IDataView data = Keyed(Rows("digits", "hard", "soft"));
        Assert.Equal(["digits", "hard", "soft"], KeyValues(data.Schema["Label"]));

        using RnnTextClassificationTransformer model = Trainer(steps: 120, grow: true, log).Fit(data, previous);

        Assert.Equal(["soft", "hard", "digits"], model.Model.Labels);
        IDataView result = model.Transform(data);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        result.Schema["Score"].GetSlotNames(ref slots);
        Assert.Equal(["soft", "hard", "digits"], slots.DenseValues().Select(name => $"{name}"));
        Assert.Equal(["soft", "hard", "digits"], KeyValues(result.Schema["PredictedLabel"]));
        IDataView answers = _ml.Transforms.Conversion.MapKeyToValue("Answer", "PredictedLabel")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Truth", "Label")).Fit(result).Transform(result);
        Assert.True(answers.Texts("Answer").Zip(answers.Texts("Truth")).Average(p => p.First == p.Second ? 1.0 : 0) > 0.95);
        Assert.Contains(log, message => message is { Severity: LogSeverity.Warning }
            && message.Text.StartsWith("The key values of the column 'Label' are in another order than the labels of the previous "
                + "classifier", StringComparison.Ordinal));
        // What was gone on from is as it was.
        Assert.Equal(before, Scores(previous, "aeou", "xkz"));

        _ml.Model.Save(model, data.Schema, _folder["m.zip"]);
        ITransformer loaded = _ml.Model.Load(_folder["m.zip"], out _);
        Assert.Equal(Scores(model, "aeou", "123"), Scores(loaded, "aeou", "123"));
        using PredictionEngine<Row, Answer> engine = _ml.Model.CreatePredictionEngine<Row, Answer>(loaded);
        Assert.Equal(Scores(model, "4711")[0], engine.Predict(new("4711", "")).Score);
        Assert.Equal(3u, engine.Predict(new("4711", "")).PredictedLabel);
    }

    /// <summary>ML.NET's Evaluate compares the numbers of keys: those of the model's labels in their order are right.</summary>
    [Fact]
    public void EvaluateIsRightWhereKeysAreThoseOfTheModel()
    {
        using RnnTextClassificationTransformer previous = Trainer(steps: 80).Fit(Keyed(Rows("soft", "hard")));
        Row[] rows = Rows("digits", "hard", "soft");
        IDataView later = _ml.Data.LoadFromEnumerable(rows);
        MLContext ml = _ml;
        RnnTextClassificationTrainer trainer = Trainer(steps: 120, grow: true, []);

        // The labels that the classifier knows, in its order, and then the new ones.
        IDataView labels = ml.Data.LoadFromEnumerable(previous.Model.Labels.Append("digits").Select(label => new { Label = label }));
        var toKey = ml.Transforms.Conversion.MapValueToKey("Label", keyData: labels).Fit(later);
        using RnnTextClassificationTransformer further = trainer.Fit(toKey.Transform(later), previous);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(further.Transform(toKey.Transform(later)));

        double right = rows.Zip(further.Model.ClassifyAll(rows.Select(row => row.Text)))
            .Average(p => p.First.Label == p.Second.Label ? 1.0 : 0);
        Assert.True(right > 0.95, $"{right}");
        Assert.Equal(right, metrics.MicroAccuracy, 9);
        Assert.Equal(["soft", "hard", "digits"], further.Model.Labels);
    }

    [Fact]
    public void LabelsOfTextAndAClassifierOfTheCoreDoToo()
    {
        using (RnnTextClassifier core = RnnTextClassifier.Train(Rows("soft", "hard").Select(row => new LabelledText(row.Text, row.Label)),
            new() { Model = { Cell = CellType.Gru, HiddenSize = 16 }, Training = { Epochs = 0, MaxSteps = 40, Seed = 2 } }))
            core.Save(_folder["core.zip"]);
        using var previous =
            (RnnTextClassificationTransformer)((IEnumerable<ITransformer>)_ml.Model.Load(_folder["core.zip"], out _)).Single();
        IDataView data = _ml.Data.LoadFromEnumerable(Rows("digits", "soft")),
            validation = _ml.Data.LoadFromEnumerable(Rows("soft", "hard"));

        using RnnTextClassificationTransformer model = Trainer(steps: 60, grow: true, []).Fit(data, validation, previous);

        Assert.Equal(["soft", "hard", "digits"], model.Model.Labels);
        Assert.Equal((CellType.Gru, 16), (model.Model.Saved.Config.Cell, model.Model.Saved.Config.HiddenSize));
        TextDataException fault = Assert.Throws<TextDataException>(() => Trainer(steps: 1, grow: false, []).Fit(data, previous));
        Assert.Equal("Row 1: the previous model does not know the label 'digits'. Set Vocabulary.Grow to add new labels, correct the "
            + "label, "
            + "or leave the row out.", fault.Message);
    }

    [Fact]
    public void LabelsOfAnotherTypeAreRefused()
    {
        using RnnTextClassificationTransformer previous = Trainer(steps: 2).Fit(Keyed(Rows("soft", "hard")));
        IDataView numbers = _ml.Data.LoadFromEnumerable(Rows("soft", "hard").Select((row, i) => new { row.Text, Label = (float)(i % 2) }));

        Assert.StartsWith("Schema mismatch for label column 'Label': expected labels of the previous classifier's type, String, got Single",
            Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(steps: 1, grow: true, []).Fit(numbers, previous)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Without a model to go on from there is a new one, by whichever parameter it is left out.</summary>
    [Fact]
    public void WithoutAModelToGoOnFromItIsANewOne()
    {
        IDataView data = Keyed(Rows("soft", "hard"));
        RnnTextClassificationTrainer trainer = Trainer(steps: 10);
        using RnnTextClassificationTransformer expected = trainer.Fit(data);
        using RnnTextClassificationTransformer neither = trainer.Fit(data, null, null);
        using RnnTextClassificationTransformer noClassifier = trainer.Fit(data, null, previous: null);
        using RnnTextClassificationTransformer noLanguageModel = trainer.Fit(data, null, languageModel: null);

        Assert.All([neither, noClassifier, noLanguageModel],
            model => Assert.Equal(Scores(expected, "aeou", "xkz"), Scores(model, "aeou", "xkz")));
        Assert.Throws<ArgumentNullException>("previous", () => trainer.Fit(data, previous: null!));
    }

    [Fact]
    public void ABinaryClassifierIsTrainedFurtherOnDataOfOneLabel()
    {
        static IEnumerable<Told> Told(params string[] labels) => Rows(labels).Select(row => new Told(row.Text, row.Label == "digits"));
        RnnTextBinaryClassificationTrainer.Options Options(int steps) => new()
        {
            Training = { Epochs = 0, MaxSteps = steps, Seed = 3 },
            Optimizer = { LearningRate = 0.02 },
            Device = { Engine = EngineKind.Managed, Threads = 2 },
        };
        RnnTextBinaryClassificationTrainer.Options options = Options(60);
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, 16, 8);
        BinaryClassificationCatalog.BinaryClassificationTrainers trainers = _ml.BinaryClassification.Trainers;
        using RnnTextBinaryClassificationTransformer previous =
            trainers.RnnTextClassification(options).Fit(_ml.Data.LoadFromEnumerable(Told("digits", "hard")));
        double Probability(RnnTextBinaryClassificationTransformer model, string text) => model.Model.Classify(text).Probabilities[1];
        double before = Probability(previous, "aeou");

        using RnnTextBinaryClassificationTransformer further =
            trainers.RnnTextClassification(Options(30)).Fit(_ml.Data.LoadFromEnumerable(Told("soft")), previous);

        Assert.Equal(["False", "True"], further.Model.Labels);
        Assert.Equal((CellType.Gru, 16), (further.Model.Saved.Config.Cell, further.Model.Saved.Config.HiddenSize));
        Assert.True(Probability(further, "aeou") < before, $"{Probability(further, "aeou")} and {before}");
        IDataView all = _ml.Data.LoadFromEnumerable(Told("digits", "hard", "soft"));
        _ml.Model.Save(further, all.Schema, _folder["b.zip"]);
        IDataView judged = _ml.Model.Load(_folder["b.zip"], out _).Transform(all);
        Assert.True(_ml.BinaryClassification.Evaluate(judged).Accuracy > 0.9);
    }

    private RnnTextClassificationTrainer Trainer(int steps)
    {
        RnnTextClassificationTrainer.Options options = Options(steps);
        (options.Model.Cell, options.Model.HiddenSize, options.Model.EmbeddingSize) = (CellType.Gru, 16, 8);
        return _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", options);
    }

    private RnnTextClassificationTrainer Trainer(int steps, bool grow, List<LogMessage> log)
    {
        RnnTextClassificationTrainer.Options options = Options(steps);
        (options.Vocabulary.Grow, options.Training.Log) = (grow, new Collector(log));
        return _ml.MulticlassClassification.Trainers.RnnTextClassification("Label", "Text", options);
    }

    private static RnnTextClassificationTrainer.Options Options(int steps) => new()
    {
        Data = { BatchSize = 16 },
        Optimizer = { LearningRate = 0.02 },
        Training = { Epochs = 0, MaxSteps = steps, Seed = 3 },
        Device = { Engine = EngineKind.Managed, Threads = 2 },
    };

    private IDataView Keyed(Row[] rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private float[][] Scores(ITransformer model, params string[] texts) =>
        [.. model.Transform(_ml.Data.LoadFromEnumerable(texts.Select(text => new { Text = text }))).GetColumn<float[]>("Score")];

    private static IEnumerable<string> KeyValues(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => $"{value}")];
    }

    /// <summary>Returns texts whose characters tell their label, the labels in turn.</summary>
    private static Row[] Rows(params string[] labels)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, 240).Select(i =>
        {
            string label = labels[i % labels.Length],
                letters = label switch { "soft" => "aeoulmn", "hard" => "xkzqtpg", _ => "0123456789" };
            return new Row(string.Concat(Enumerable.Range(0, random.Next(3, 9)).Select(_ => letters[random.Next(letters.Length)])), label);
        })];
    }

    private sealed class Row(string text, string label)
    {
        public Row()
            : this("", "")
        {
        }

        public string Text { get; set; } = text;

        public string Label { get; set; } = label;
    }

    private sealed class Told(string text, bool label)
    {
        public string Text { get; set; } = text;

        public bool Label { get; set; } = label;
    }

    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class Collector(List<LogMessage> log) : IProgress<LogMessage>
    {
        public void Report(LogMessage value) => log.Add(value);
    }
}
