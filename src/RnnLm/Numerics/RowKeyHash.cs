namespace RnnLm.Numerics;

/// <summary>Turns a row's name into the number that makes its random numbers its own.</summary>
internal static class RowKeyHash
{
    /// <summary>Returns the 64-bit FNV-1a hash of the UTF-16 code units, low byte first, which no version of .NET changes.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = 14695981039346656037;
        foreach (char unit in text)
        {
            hash = (hash ^ (byte)unit) * 1099511628211;
            hash = (hash ^ (byte)(unit >> 8)) * 1099511628211;
        }

        return hash;
    }
}
