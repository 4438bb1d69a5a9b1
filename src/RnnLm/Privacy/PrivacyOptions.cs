using RnnLm.Diagnostics;

namespace RnnLm;

/// <summary>How <see cref="PrivacyReport"/> compares rows.</summary>
public sealed class PrivacyOptions
{
    /// <summary>
    /// Gets or sets the distance to the closest training row up to which a row is a near copy: the share of its characters that must be
    /// changed, from 0 to 1.
    /// </summary>
    /// <value>The default value is 0.2: one character in five.</value>
    public double NearCopyThreshold { get; set; } = 0.2;

    /// <summary>
    /// Gets or sets the number of generated rows, and of held-out rows, whose distance and longest run are found; a random sample where
    /// there are more. Copies and repeats are counted over all rows, and each row of the sample is compared with all training rows. 0 for
    /// all rows.
    /// </summary>
    /// <value>The default value is 10,000.</value>
    public int Sample { get; set; } = 10_000;

    /// <summary>Gets or sets the seed of the sample.</summary>
    /// <value>The default value is 1.</value>
    public long Seed { get; set; } = 1;

    /// <summary>Gets or sets the number of threads; 0 for as many as there are processors. The figures do not depend on it.</summary>
    /// <value>The default value is 0.</value>
    public int Threads { get; set; }

    /// <summary>Gets or sets what stops it.</summary>
    /// <value>The default value never does.</value>
    public CancellationToken CancellationToken { get; set; }

    internal void Check(OptionFaults all)
    {
        OptionFaults faults = all.In("Privacy");
        faults.Share(NearCopyThreshold);
        faults.AtLeast(Sample, 0);
        faults.InRange(Threads, 0, 1024);
    }
}
