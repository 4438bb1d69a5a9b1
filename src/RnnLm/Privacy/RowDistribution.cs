namespace RnnLm;

/// <summary>A figure of many rows, as a distribution.</summary>
public sealed class RowDistribution
{
    private readonly double[] _sorted;

    internal RowDistribution(double[] values)
    {
        _sorted = values;
        Array.Sort(_sorted);
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count => _sorted.Length;

    /// <summary>Gets the figures of all rows, in ascending order.</summary>
    public IReadOnlyList<double> Values => _sorted;

    /// <summary>Gets the lowest figure.</summary>
    public double Min => _sorted[0];

    /// <summary>Gets the highest figure.</summary>
    public double Max => _sorted[^1];

    /// <summary>Gets the figure that half of the rows are at or below.</summary>
    public double Median => Quantile(0.5);

    /// <summary>Gets the arithmetic mean.</summary>
    public double Mean => _sorted.Average();

    /// <summary>Returns the lowest figure that at least a share of the rows are at or below (the nearest rank).</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    public double Quantile(double share)
    {
        if (!(share is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is from 0 to 1.");
        return _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Length) - 1)];
    }

    /// <summary>Returns the number of rows whose figure is at most a limit.</summary>
    /// <param name="limit">The limit.</param>
    public int CountUpTo(double limit)
    {
        int low = 0, high = _sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_sorted[middle] <= limit)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
