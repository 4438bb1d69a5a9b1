using Microsoft.ML.Data;

namespace RnnLm.MLNet;

/// <summary>Turns what tells a row from others into the number that makes its random numbers its own.</summary>
internal static class RowKey
{
    /// <summary>A data view over a file or a list numbers its rows in the lower half; data views made of several use the upper one too.</summary>
    public static ulong FromId(DataViewRowId id) => id.High == 0 ? id.Low : CounterRandom.Mix(id.Low ^ CounterRandom.Mix(id.High));

    /// <summary>A 64-bit FNV-1a hash of the UTF-16 code units, which no version of .NET changes.</summary>
    public static ulong FromText(ReadOnlySpan<char> text)
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
