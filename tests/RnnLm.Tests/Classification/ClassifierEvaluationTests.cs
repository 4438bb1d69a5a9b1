using RnnLm.Classification;

namespace RnnLm.Tests.Classification;

public class ClassifierEvaluationTests
{
    public static TheoryData<string> Models => PyTorchFigures.ClassifierNames;

    [Theory]
    [MemberData(nameof(Models))]
    public void ItHasPyTorchsFigures(string name)
    {
        PyTorchFigures.ClassifierFigures fixture = PyTorchFigures.Classifiers.Single(model => model.Name == name);
        using RnnTextClassifier model = fixture.ToModel();

        TextClassification[] answers = [.. model.ClassifyAll(fixture.Rows.Select(row => row.Text))];
        ClassifierEvaluation evaluation =
            model.Evaluate([.. fixture.Rows.Select(row => new LabelledText(row.Text, row.Label)), new("passed over", null)]);

        foreach ((PyTorchFigures.LabelFigures row, TextClassification answer) in fixture.Rows.Zip(answers))
            Assert.Equal(row.Probabilities, answer.Probabilities.Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((fixture.Rows.Length, fixture.Rows.Length - fixture.LossRows), (evaluation.Rows, evaluation.UnknownLabels));
        Assert.Equal(1, evaluation.UnlabelledRows);
        Assert.Equal(fixture.Accuracy, evaluation.Accuracy, 12);
        Assert.Equal(fixture.MacroF1, evaluation.MacroF1, 12);
        Assert.Equal(fixture.Loss, evaluation.Loss, 1e-6);
        Assert.Equal(fixture.AreaUnderCurve, evaluation.AreaUnderRocCurve);
    }

    [Fact]
    public void WhereThereIsNothingToTellThereAreNoFigures()
    {
        using RnnTextClassifier model = PyTorchFigures.Classifiers[0].ToModel();

        ClassifierEvaluation none = model.Evaluate([]), one = model.Evaluate([new("a", "ham"), new("b", "ham")]);

        Assert.Equal((0, double.NaN, double.NaN, double.NaN), (none.Rows, none.Accuracy, none.MacroF1, none.Loss));
        Assert.Null(none.AreaUnderRocCurve);
        Assert.Null(one.AreaUnderRocCurve);
    }

    /// <summary>The example of scikit-learn's documentation of roc_auc_score and roc_curve.</summary>
    [Fact]
    public void TheAreaIsThatOfScikitLearnsExample() =>
        Assert.Equal(0.75, RocCurve.Area([(0.1, false), (0.4, false), (0.35, true), (0.8, true)]));

    [Theory]
    [InlineData(0.5, 0, 0, 1, 1)]
    [InlineData(0.875, 0, 1, 1, 2)]
    [InlineData(1, 0, 0, 1, 2)]
    [InlineData(0, 2, 1, 0, 0)]
    public void TiesCountHalf(double expected, double negative1, double negative2, double positive1, double positive2)
    {
        (double, bool)[] scores = expected == 0.5
            ? [(negative1, false), (positive1, false), (negative2, true), (positive2, true)]
            : [(negative1, false), (negative2, false), (positive1, true), (positive2, true)];

        Assert.Equal(expected, RocCurve.Area(scores));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void TheAreaIsTheShareOfPairsInOrder(int distinct)
    {
        var random = new Random(distinct);
        (double Score, bool IsPositive)[] scores =
            [.. Enumerable.Range(0, 300).Select(i => ((random.Next(distinct) + (i % 3 == 0 ? distinct / 4 : 0)) / 7.0, i % 3 == 0))];
        double[] pairs = [.. from a in scores where a.IsPositive from b in scores where !b.IsPositive
            select a.Score > b.Score ? 1 : a.Score == b.Score ? 0.5 : 0];

        Assert.Equal(pairs.Average(), RocCurve.Area(scores)!.Value, 12);
        // Whichever label is positive.
        Assert.Equal(pairs.Average(), RocCurve.Area([.. scores.Select(s => (-s.Score, !s.IsPositive))])!.Value, 12);
    }

    /// <summary>The curve of scikit-learn's roc_curve, by hand: a point for each score, and none above it.</summary>
    [Theory]
    [InlineData(4, 0.25)]
    [InlineData(50, 0.01)]
    [InlineData(1000, 0.01)]
    [InlineData(1000, 0.1)]
    [InlineData(1000, 0.29)]
    [InlineData(1000, 0)]
    [InlineData(1000, 0.999)]
    public void TheThresholdFindsTheMostPositivesThatTheCurveHas(int distinct, double rate)
    {
        var random = new Random(distinct);
        (float P, bool IsPositive)[] scores = [.. Enumerable.Range(0, 500).Select(i =>
            (MathF.Min(1, (random.Next(distinct) + (i < 100 ? distinct / 4f : 0)) / (1.3f * distinct)), i < 100))];
        (double False, double True) best = scores.Select(s => s.P).Append(2).Select(limit => (Share(limit, false), Share(limit, true)))
            .Where(point => point.Item1 <= rate).MaxBy(point => (point.Item2, -point.Item1));

        RocPoint found = RocCurve.At(rate, scores)!.Value;

        Assert.Equal(best.True, found.TruePositiveRate, 12);
        Assert.Equal(scores.Where(s => !s.IsPositive).Average(s => s.P > found.Threshold ? 1.0 : 0), found.FalsePositiveRate, 12);
        Assert.InRange(found.FalsePositiveRate, 0, rate);

        double Share(float limit, bool positive) =>
            scores.Where(s => s.IsPositive == positive).Average(s => s.P >= limit ? 1.0 : 0);
    }

    [Fact]
    public void ARateOfAWholeNumberOfTextsIsThatNumber()
    {
        (float, bool)[] scores = [(1, true), .. Enumerable.Range(0, 100).Select(i => (i / 101f, false))];
        // 0.29 · 100 is a little less than 29.
        Assert.Equal(0.29, RocCurve.At(0.29, scores)!.Value.FalsePositiveRate, 12);
        Assert.Equal(70 / 101f, RocCurve.At(0.29, scores)!.Value.Threshold);
    }

    [Fact]
    public void TheConfusionMatrixAndThresholdsAreThoseOfTheAnswers()
    {
        PyTorchFigures.ClassifierFigures fixture = PyTorchFigures.Classifiers.Single(f => f.Name == "two labels");
        using RnnTextClassifier model = fixture.ToModel();
        LabelledText[] rows = [.. fixture.Rows.Select(row => new LabelledText(row.Text, row.Label)), new("buy", "eggs")];
        ClassifierEvaluation evaluation = model.Evaluate(rows);

        foreach (string label in new[] { "ham", "spam" })
        {
            foreach (int predicted in new[] { 0, 1 })
            {
                Assert.Equal(fixture.Rows.Count(row => row.Label == label && (row.Probabilities[1] > 0.5 ? 1 : 0) == predicted),
                    evaluation.Count(label, fixture.Classes[predicted]));
            }
        }

        Assert.Equal(1, evaluation.Count("eggs", "ham") + evaluation.Count("eggs", "spam"));
        Assert.Equal(0, evaluation.Count("ham", "eggs"));

        // Of ham, 0.950, 0.706, 0.691 and 0.271 are called spam: one in four may be. Of spam, 0.913 and 0.774 are above 0.706.
        RocPoint spam = evaluation.FindThreshold(0.25)!.Value;
        Assert.Equal((0.25, 0.4), (spam.FalsePositiveRate, spam.TruePositiveRate));
        Assert.Equal(0.7062714, spam.Threshold, 1e-6);
        // Of spam, 0.998, 0.893, 0.729, 0.226 and 0.087 are called ham: one in five may be. None of ham is above 0.893.
        RocPoint ham = evaluation.FindThreshold(0.2, positive: 0)!.Value;
        Assert.Equal((0.2, 0.0), (ham.FalsePositiveRate, ham.TruePositiveRate));

        Assert.Null(model.Evaluate([new("a", "ham")]).FindThreshold(0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.FindThreshold(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.FindThreshold(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.FindThreshold(0.1, positive: 2));
        PyTorchFigures.ClassifierFigures three = PyTorchFigures.Classifiers.Single(f => f.Name == "three labels");
        using RnnTextClassifier ofThree = three.ToModel();
        Assert.Null(ofThree.Evaluate(three.Rows.Select(row => new LabelledText(row.Text, row.Label))).FindThreshold(0.1));
    }
}
