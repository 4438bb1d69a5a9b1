using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>Which texts <see cref="RnnLanguageModel.Calibrate"/> is to call anomalies.</summary>
public sealed class AnomalyOptions
{
    internal const string Group = "Anomaly";

    /// <summary>
    /// Gets or sets the share of good texts that may be called anomalies, above 0 and below 1. It takes 1 over the rate, less 1, rows to
    /// calibrate: 99 for 0.01.
    /// </summary>
    /// <value>The default value is 0.01.</value>
    public double FalsePositiveRate { get; set; } = 0.01;

    /// <summary>
    /// Gets or sets whether a text that is much more likely than usual is an anomaly too, such as a phrase repeated many times. Mistakes of
    /// one character are then found less often.
    /// </summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool TwoSided { get; set; }

    internal AnomalyOptions Clone() => (AnomalyOptions)MemberwiseClone();

    internal void Check(OptionFaults faults) => faults.In(Group).Require(FalsePositiveRate is > 0 and < 1, nameof(FalsePositiveRate),
        $"must be above 0 and below 1, but is {FalsePositiveRate}");

    /// <exception cref="OptionsException">An option is wrong.</exception>
    internal void Check()
    {
        var faults = new OptionFaults();
        Check(faults);
        faults.ThrowIfAny("options");
    }
}
