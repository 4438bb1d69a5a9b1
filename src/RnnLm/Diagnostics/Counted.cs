namespace RnnLm.Diagnostics;

/// <summary>Numbers of things, in words.</summary>
internal static class Counted
{
    /// <summary>Returns <c>1 row</c>, <c>2 rows</c>, <c>1,000 rows</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="noun">What is counted.</param>
    /// <param name="plural">The plural, where it takes more than an s.</param>
    public static string Of(long count, string noun, string? plural = null) =>
        count == 1 ? $"1 {noun}" : FormattableString.Invariant($"{count:N0} {plural ?? noun + "s"}");
}
