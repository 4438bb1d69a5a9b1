namespace RnnLm.Cli.Shards;

/// <summary>What was counted while a part was written.</summary>
/// <param name="Records">The number of results.</param>
/// <param name="Skipped">The number of rows that were left out.</param>
/// <param name="HeaderLength">The number of bytes before the first result.</param>
/// <param name="VectorLength">The length of a result that is a vector; 0 where results are none.</param>
internal readonly record struct PartCounts(long Records, long Skipped, int HeaderLength, int VectorLength = 0);
