using Microsoft.ML.Data;
using RnnLm.Numerics;

namespace RnnLm.MLNet.DataViews;

/// <summary>Turns what tells a row from others into the number that makes its random numbers its own.</summary>
internal static class RowKey
{
    /// <summary>
    /// A data view over a file or a list numbers its rows in the lower half; data views made of several use the upper one too.
    /// </summary>
    public static ulong FromId(DataViewRowId id) => id.High == 0 ? id.Low : CounterRandom.Mix(id.Low ^ CounterRandom.Mix(id.High));
}
