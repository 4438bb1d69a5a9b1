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
}
