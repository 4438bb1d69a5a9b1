using Microsoft.ML;
using Microsoft.ML.Data;
using RnnLm.MLNet.Transformers;
using RnnLm.ModelFiles;
using RnnLm.Tests;

namespace RnnLm.MLNet.Tests;

/// <summary>Holds what a scorer and a classifier say in ML.NET to PyTorch's figures of the same rows.</summary>
public sealed class ScorerFigureTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Models => PyTorchFigures.LanguageModelNames;

    public static TheoryData<string> Classifiers => PyTorchFigures.ClassifierNames;

    [Theory]
    [MemberData(nameof(Models))]
    public void EachRowHasPyTorchsFigures(string name)
    {
        PyTorchFigures.LanguageFigures fixture = PyTorchFigures.LanguageModels.Single(model => model.Name == name);
        var columns = new Dictionary<string, string>(StringComparer.Ordinal) { ["input"] = "Text", ["output"] = "Continuation" };
        if (fixture.Mode == DataMode.Pairs)
            columns["target"] = "Target";
        if (fixture.Conditions.Length > 0)
            columns["condition"] = "Condition";
        ModelArchive.Save(_folder["m.zip"], fixture.ToSaved() with { Columns = columns });
        using var model = (RnnLanguageModelTransformer)((TransformerChain<ITransformer>)_ml.Model.Load(_folder["m.zip"], out _)).Single();
        using RnnTextScorer scorer =
            model.ToScorer(new() { CharacterCountColumnName = "CharacterCount", UnknownShareColumnName = "UnknownShare" });
        // A model with conditions takes no row without one here.
        PyTorchFigures.RowFigures[] rows = [.. fixture.Rows.Where(row => row.Condition is not null || fixture.Conditions.Length == 0)];
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(row =>
            new Input { Text = row.Text, Target = row.Target, Condition = row.Condition }));

        Output[] scores = [.. _ml.Data.CreateEnumerable<Output>(scorer.Transform(data), reuseRowObject: false)];

        Assert.Equal(rows.Sum(row => row.Figures.Count), scores.Sum(score => score.CharacterCount));
        Assert.Equal(rows.Length, scores.Length);
        foreach ((PyTorchFigures.RowFigures row, Output score) in rows.Zip(scores))
        {
            Assert.Equal(row.Figures.Count, score.CharacterCount);
            Assert.Equal(row.Figures.NatsPerCharacter, score.NatsPerCharacter, 1e-6);
            Assert.Equal(row.Figures.Perplexity, score.Perplexity, 2e-6 * row.Figures.Perplexity);
            Assert.Equal(row.Figures.UnknownShare, score.UnknownShare, 1e-6);
            // A column of singles holds seven digits.
            Assert.Equal(row.Figures.LogProbability, score.LogProbability, 1e-6 * Math.Max(row.Figures.Count, -row.Figures.LogProbability));
        }
    }

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void EachTextHasPyTorchsProbabilities(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = PyTorchFigures.Classifiers.Single(model => model.Name == name);
        ModelArchive.Save(_folder["m.zip"], fixture.ToSaved());
        ITransformer model = _ml.Model.Load(_folder["m.zip"], out _);
        IDataView data = _ml.Data.LoadFromEnumerable(fixture.Rows.Select(row => new Input { Text = row.Text }));

        Answer[] answers = [.. _ml.Data.CreateEnumerable<Answer>(model.Transform(data), reuseRowObject: false)];

        foreach ((PyTorchFigures.LabelFigures row, Answer answer) in fixture.Rows.Zip(answers))
            Assert.Equal(row.Probabilities, answer.Score.Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(fixture.Rows.Length, answers.Length);
    }

    /// <summary>ML.NET's own evaluator and the core's count the same texts.</summary>
    [Theory]
    [MemberData(nameof(Classifiers))]
    public void MLNETEvaluatesAsTheCoreDoes(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = PyTorchFigures.Classifiers.Single(model => model.Name == name);
        ModelArchive.Save(_folder["m.zip"], fixture.ToSaved());
        ITransformer model = _ml.Model.Load(_folder["m.zip"], out _);
        PyTorchFigures.LabelFigures[] rows = [.. fixture.Rows.Where(row => fixture.Classes.Contains(row.Label))];
        IDataView names = _ml.Data.LoadFromEnumerable(fixture.Classes.Select(label => new Input { Condition = label }));
        IDataView data = _ml.Data.LoadFromEnumerable(rows.Select(row => new Input { Text = row.Text, Condition = row.Label }));
        data = _ml.Transforms.Conversion.MapValueToKey("Label", "Condition",
            keyData: _ml.Transforms.SelectColumns("Condition").Fit(names).Transform(names)).Fit(data).Transform(data);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(data));

        using RnnTextClassifier core = fixture.ToModel();
        ClassifierEvaluation evaluation = core.Evaluate(rows.Select(row => new LabelledText(row.Text, row.Label)));
        Assert.Equal(evaluation.Accuracy, metrics.MicroAccuracy, 1e-9);
        Assert.Equal(evaluation.Loss, metrics.LogLoss, 1e-6);
        Assert.Equal(rows.Length, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    private sealed class Input
    {
        public string Text { get; set; } = "";

        public string? Target { get; set; }

        public string? Condition { get; set; }
    }

    private sealed class Output
    {
        public float LogProbability { get; set; }

        public float NatsPerCharacter { get; set; }

        public float Perplexity { get; set; }

        public int CharacterCount { get; set; }

        public float UnknownShare { get; set; }
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
