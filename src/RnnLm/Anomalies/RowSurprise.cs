namespace RnnLm.Anomalies;

/// <summary>How surprising a row is to a model. The figures are as short as they are kept in files, so that equal rows stay
/// equal.</summary>
/// <param name="Length">The number of characters counted, at least 1.</param>
/// <param name="Mean">The mean surprise of a character in nats.</param>
/// <param name="Peak">The surprise of the least likely character in nats.</param>
/// <param name="Condition">The index of the row's condition, or -1.</param>
internal readonly record struct RowSurprise(int Length, float Mean, float Peak, int Condition = -1);
