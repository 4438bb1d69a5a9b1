using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How the exposure of canaries is measured.</summary>
public sealed class ExposureOptions
{
    /// <summary>Gets or sets the number of texts of a format up to which all are scored, which makes the rank of a canary exact; 0 for
    /// never.</summary>
    /// <value>The default value is 100,000.</value>
    public int MaxEnumeration { get; set; } = 100_000;

    /// <summary>Gets or sets the number of texts that are drawn and scored where there are more.</summary>
    /// <value>The default value is 10,000.</value>
    public int Samples { get; set; } = 10_000;

    /// <summary>Gets or sets the seed that they are drawn by.</summary>
    /// <value>The default value is 1.</value>
    public long Seed { get; set; } = 1;

    /// <summary>Gets or sets what stops it.</summary>
    /// <value>The default value never does.</value>
    public CancellationToken CancellationToken { get; set; }

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Exposure");
        faults.AtLeast(MaxEnumeration, 0);
        faults.AtLeast(Samples, 100);
    }
}
