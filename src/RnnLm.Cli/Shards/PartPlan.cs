namespace RnnLm.Cli.Shards;

/// <summary>What is known of a part before it is written.</summary>
/// <param name="TotalRows">The number of rows of all shares.</param>
/// <param name="Settings">All that the results depend on.</param>
internal sealed record PartPlan(long TotalRows, IReadOnlyDictionary<string, string> Settings);
