namespace RnnLm.Diagnostics;

/// <summary>Numbers of things, in words.</summary>
internal static class Counted
{
    /// <summary>Returns <c>1 row</c>, <c>2 rows</c>, <c>1,000 rows</c>.</summary>
    public static string Of(long count, string noun) => count == 1 ? $"1 {noun}" : FormattableString.Invariant($"{count:N0} {noun}s");
}
