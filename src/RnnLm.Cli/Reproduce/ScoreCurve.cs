namespace RnnLm.Cli.Reproduce;

/// <summary>How well scores tell positives from negatives.</summary>
internal sealed class ScoreCurve
{
    private readonly double[] _positives, _negatives;

    /// <param name="scores">Scores, each with whether it is that of a positive; some of both. The higher, the more likely one.</param>
    public ScoreCurve(IReadOnlyCollection<(double Score, bool IsPositive)> scores)
    {
        _positives = [.. scores.Where(score => score.IsPositive).Select(score => score.Score).Order()];
        _negatives = [.. scores.Where(score => !score.IsPositive).Select(score => score.Score).Order()];
    }

    /// <summary>Gets the area under the ROC curve: the share of pairs in which the positive scores higher, ties counting half.</summary>
    public double Area =>
        _positives.Average(score => (Below(score, orEqual: false) + Below(score, orEqual: true)) / 2.0) / _negatives.Length;

    /// <summary>Returns the share of positives above the threshold that at most a share of the negatives is above.</summary>
    public double TruePositiveRateAt(double falsePositiveRate)
    {
        int most = (int)Math.Floor(falsePositiveRate * _negatives.Length * (1 + 1e-12));
        double threshold = _negatives[Math.Max(0, _negatives.Length - 1 - most)];
        return _positives.Count(score => score > threshold) / (double)_positives.Length;
    }

    private int Below(double score, bool orEqual)
    {
        int low = 0, high = _negatives.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_negatives[middle] < score || (orEqual && _negatives[middle] == score))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
