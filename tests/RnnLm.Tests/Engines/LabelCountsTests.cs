using RnnLm.Data;
using RnnLm.Engines;

namespace RnnLm.Tests.Engines;

public class LabelCountsTests
{
    /// <summary>The example in scikit-learn's documentation of f1_score, whose macro average is 0.26….</summary>
    [Fact]
    public void FiguresAreScikitLearns()
    {
        LabelCounts[] counts = LabelCounts.Count([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], 3);

        Assert.Equal([new(2, 3, 2), new(2, 2, 0), new(2, 1, 0)], counts);
        Assert.Equal([2 / 3.0, 0, 0], counts.Select(label => label.Precision));
        Assert.Equal([1.0, 0, 0], counts.Select(label => label.Recall));
        Assert.Equal([0.8, 0, 0], counts.Select(label => label.F1), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.8 / 3, LabelCounts.MacroF1(counts), 1e-12);
    }

    [Fact]
    public void TextsWithoutALabelAndLabelsThatDoNotOccurAreLeftOut()
    {
        LabelCounts[] counts = LabelCounts.Count([Minibatch.Ignore, 1, 1], [0, 1, 3], 5);

        Assert.Equal([default, new(2, 1, 1), default, new(0, 1, 0), default], counts);
        Assert.Equal((2 / 3.0) / 2, LabelCounts.MacroF1(counts), 1e-12);
        Assert.Equal(double.NaN, LabelCounts.MacroF1([]));
    }

    [Fact]
    public void EvaluationsOfBatchesAddUp()
    {
        EvaluationResult total = default;
        total += new EvaluationResult(1, 3, 2) { Labels = LabelCounts.Count([0, 1, 2], [0, 2, 1], 3) };
        total += new EvaluationResult(2, 3, 1) { Labels = LabelCounts.Count([0, 1, 2], [0, 0, 1], 3) };

        Assert.Equal(LabelCounts.Count([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1], 3), total.Labels);
        Assert.Equal(0.8 / 3, total.MacroF1!.Value, 1e-12);
        Assert.Null((new EvaluationResult(1, 1, 1) + default(EvaluationResult)).MacroF1);
    }
}
