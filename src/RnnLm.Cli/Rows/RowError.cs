namespace RnnLm.Cli.Rows;

/// <summary>A row that was left out.</summary>
/// <param name="Row">The row.</param>
/// <param name="Fault">What is wrong with it, with its file and line.</param>
internal sealed record RowError(RawRow Row, Exception Fault);
