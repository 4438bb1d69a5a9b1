using RnnLm.Diagnostics;

namespace RnnLm.Anomalies;

/// <summary>Held-out rows and what was chosen with them: all that is kept of a calibration.</summary>
internal sealed record CalibrationData
{
    /// <summary>The most rows that a file keeps.</summary>
    public const int MaxRows = 1_000_000;

    public required IReadOnlyList<RowSurprise> Rows { get; init; }

    /// <summary>Gets the rate of false positives that was asked for.</summary>
    public required double FalsePositiveRate { get; init; }

    /// <summary>Gets the p-value up to which a text is an anomaly.</summary>
    public required double Threshold { get; init; }

    public bool TwoSided { get; init; }

    /// <summary>Returns the number of rows of which one can be as rare as a rate.</summary>
    public static int RowsFor(double rate) => (int)Math.Min(int.MaxValue, Math.Ceiling((1 / rate) - 1 - 1e-9));

    /// <exception cref="TextDataException">There are too few rows for the rate, or too many to be kept.</exception>
    public static void CheckCount(int rows, double rate)
    {
        int needed = Math.Max(1, RowsFor(rate));
        if (rows < needed)
        {
            throw new TextDataException($"there {(rows == 1 ? "is" : "are")} {Counted.Of(rows, "held-out row")}, but a "
                + $"false-positive rate of {rate} takes at least {needed}. "
                + $"Give more rows, or raise {new OptionId(AnomalyOptions.Group, nameof(FalsePositiveRate))}");
        }

        if (rows > MaxRows)
            throw new TextDataException(
                $"there are {Counted.Of(rows, "held-out row")}, but at most {MaxRows:N0} are kept. Give fewer of them");
    }

    /// <exception cref="TextDataException">There are too few rows for the rate, or too many to be kept.</exception>
    public void Check() => CheckCount(Rows.Count, FalsePositiveRate);

    /// <summary>Returns the same rows with a rate of false positives as the threshold.</summary>
    /// <exception cref="OptionsException">The rate is not between 0 and 1.</exception>
    /// <exception cref="TextDataException">There are too few rows for the rate.</exception>
    public CalibrationData WithRate(double rate)
    {
        new AnomalyOptions { FalsePositiveRate = rate }.Check();
        CalibrationData data = this with { FalsePositiveRate = rate, Threshold = rate };
        data.Check();
        return data;
    }

    /// <summary>Makes ready what new texts are compared with: all rows, and those of each condition that has enough of them.</summary>
    public (Calibration All, IReadOnlyDictionary<int, Calibration> ByCondition) Build()
    {
        int enough = Math.Max(Calibration.Neighbours, RowsFor(FalsePositiveRate));
        return (new(Rows, TwoSided), Rows.Where(row => row.Condition >= 0).GroupBy(row => row.Condition)
            .Where(group => group.Count() >= enough).ToDictionary(group => group.Key, group => new Calibration(group, TwoSided)));
    }
}
