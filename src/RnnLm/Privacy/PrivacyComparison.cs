namespace RnnLm;

/// <summary>How generated rows lie to the training rows, beside real rows that were not trained on.</summary>
public enum PrivacyComparison
{
    /// <summary>There are no held-out rows to compare with.</summary>
    Unknown = 0,

    /// <summary>As many copies or near copies as among held-out rows, as far as the number of rows can tell.</summary>
    Alike = 1,

    /// <summary>More copies or near copies than among held-out rows: the model repeats training rows more often than chance does.</summary>
    Closer = 2,

    /// <summary>Fewer copies or near copies than among held-out rows.</summary>
    Farther = 3,
}
