namespace RnnLm.Anomalies;

/// <summary>
/// What is usual, learned from held-out rows: how surprising rows of each length are, and how far from that each of them is. Against the
/// latter a new text is ranked: if it comes from where they do, each rank is equally likely, whatever the model is.
/// </summary>
internal sealed class Calibration
{
    /// <summary>The number of rows of the nearest lengths that a row is compared with.</summary>
    internal const int Neighbours = 100;

    // Equal rows may differ by what rounding does.
    private const double Tolerance = 1e-9;

    private readonly bool _twoSided;
    private readonly (int Length, Spread Means, Spread Peaks)[] _usual;
    private readonly double[] _scores;

    /// <param name="rows">The held-out rows, at least one.</param>
    /// <param name="twoSided">Whether a row that is much too likely is to score as one that is much too unlikely.</param>
    public Calibration(IEnumerable<RowSurprise> rows, bool twoSided)
    {
        _twoSided = twoSided;
        RowSurprise[] sorted = [.. rows.OrderBy(row => row.Length)];
        float[] means = [.. sorted.Select(row => row.Mean)], peaks = [.. sorted.Select(row => row.Peak)];
        _usual = [.. sorted.Select(row => row.Length).Distinct().Select(length =>
        {
            (int begin, int count) = Nearest(sorted, length);
            return (length, Spread.Of(means.AsSpan(begin, count)), Spread.Of(peaks.AsSpan(begin, count)));
        })];
        _scores = [.. sorted.Select(ScoreOfKnown)];
        Array.Sort(_scores);
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count => _scores.Length;

    /// <summary>Returns how much more surprising a new text is than rows of about its length.</summary>
    public double Score(RowSurprise row)
    {
        (_, Spread means, Spread peaks) = Usual(row.Length);
        return Score(means, peaks, row);
    }

    /// <summary>Returns the score of one of the rows, compared with the others as a new text is.</summary>
    public double ScoreOfKnown(RowSurprise row)
    {
        (_, Spread means, Spread peaks) = Usual(row.Length);
        return Score(means.Without(row.Mean), peaks.Without(row.Peak), row);
    }

    /// <summary>Returns the p-value of a score: the share of rows that score as high, the new one among them.</summary>
    public double PValue(double score) => (AsHigh(score) + 1.0) / (Count + 1);

    /// <summary>Returns the p-value that one of the rows has among the others.</summary>
    public double PValueOfKnown(double score) => (double)AsHigh(score) / Count;

    private int AsHigh(double score)
    {
        int low = 0, high = _scores.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_scores[middle] < score - Tolerance)
                low = middle + 1;
            else
                high = middle;
        }

        return _scores.Length - low;
    }

    private double Score(Spread means, Spread peaks, RowSurprise row)
    {
        // Not their sum: in a long text the mean says nothing of a single mistake, and would hide it. Too likely is what both say.
        double mean = means.Deviation(row.Mean), peak = peaks.Deviation(row.Peak), greater = Math.Max(mean, peak);
        return _twoSided ? Math.Max(greater, -mean - peak) : greater;
    }

    private (int Length, Spread Means, Spread Peaks) Usual(int length)
    {
        int at = Array.BinarySearch(_usual, (length, default, default), ByLength);
        if (at >= 0)
            return _usual[at];
        int above = ~at;
        bool takeAbove = above == 0 || (above < _usual.Length && _usual[above].Length - length < length - _usual[above - 1].Length);
        return _usual[takeAbove ? above : above - 1];
    }

    private static readonly Comparer<(int Length, Spread, Spread)> ByLength = Comparer<(int Length, Spread, Spread)>.Create(
        (left, right) => left.Length.CompareTo(right.Length));

    /// <summary>Returns the rows of a length, and with them those of the next lengths until there are enough; rows of one length are taken
    /// together.</summary>
    private static (int Begin, int Count) Nearest(RowSurprise[] sorted, int length)
    {
        int begin = FirstAtLeast(sorted, length), end = FirstAtLeast(sorted, length + 1);
        while (end - begin < Neighbours && end - begin < sorted.Length)
        {
            int below = begin > 0 ? length - sorted[begin - 1].Length : int.MaxValue;
            int above = end < sorted.Length ? sorted[end].Length - length : int.MaxValue;
            if (below <= above)
                begin = FirstAtLeast(sorted, length - below);
            if (above <= below)
                end = FirstAtLeast(sorted, length + above + 1);
        }

        return (begin, end - begin);
    }

    private static int FirstAtLeast(RowSurprise[] sorted, int length)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Length < length)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
