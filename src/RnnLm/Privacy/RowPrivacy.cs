namespace RnnLm;

/// <summary>How close the rows of a set are to the training rows.</summary>
public sealed record RowPrivacy
{
    internal RowPrivacy(long rows, long copies, long repeats, long nearCopies, RowDistribution distances, RowDistribution runs) =>
        (Rows, Copies, Repeats, NearCopies, Distances, Runs) = (rows, copies, repeats, nearCopies, distances, runs);

    /// <summary>Gets the number of rows that are not empty.</summary>
    public long Rows { get; }

    /// <summary>Gets the number of rows that stand in the training data, character for character.</summary>
    public long Copies { get; }

    /// <summary>Gets <see cref="Copies"/> as a share of <see cref="Rows"/>, from 0 to 1.</summary>
    public double CopyShare => Copies / (double)Rows;

    /// <summary>Gets the number of rows that repeat an earlier one of the same set.</summary>
    public long Repeats { get; }

    /// <summary>Gets <see cref="Repeats"/> as a share of <see cref="Rows"/>, from 0 to 1.</summary>
    public double RepeatShare => Repeats / (double)Rows;

    /// <summary>Gets the number of rows whose distance and longest run were found: all, or a random sample.</summary>
    public int Compared => Distances.Count;

    /// <summary>Gets the number of compared rows whose distance is at most <see cref="PrivacyReport.NearCopyThreshold"/>, copies
    /// included.</summary>
    public long NearCopies { get; }

    /// <summary>Gets <see cref="NearCopies"/> as a share of <see cref="Compared"/>, from 0 to 1.</summary>
    public double NearCopyShare => NearCopies / (double)Compared;

    /// <summary>
    /// Gets the distance of each compared row to its closest training row: the least number of characters to be put in, taken out or
    /// replaced (Levenshtein), over the length of the longer of the two. From 0, a copy, to 1, no character in common.
    /// </summary>
    public RowDistribution Distances { get; }

    /// <summary>Gets the number of characters of the longest run of each compared row that stands in a training row.</summary>
    public RowDistribution Runs { get; }
}
