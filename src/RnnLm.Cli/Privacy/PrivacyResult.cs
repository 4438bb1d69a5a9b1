namespace RnnLm.Cli.Privacy;

/// <summary>All that was found of a model.</summary>
/// <param name="Model">The name of the model's file.</param>
/// <param name="Sample">The number of rows that were compared at most; 0 for all.</param>
/// <param name="Seed">The seed of the sample.</param>
internal sealed record PrivacyResult(string Model, int Sample, long Seed)
{
    /// <summary>Gets the comparison of rows, or null where none was asked for.</summary>
    public PrivacyReport? Rows { get; init; }

    /// <summary>Gets the names of the files with the training, generated and held-out rows.</summary>
    public (string Training, string Generated, string HeldOut) Names { get; init; }

    /// <summary>Gets the exposure of canaries, or null where none was asked for.</summary>
    public ExposureReport? Exposure { get; init; }

    /// <summary>Gets why the model can hardly have read the canaries, or null where nothing speaks against it.</summary>
    public string? ExposureDoubt { get; init; }
}
