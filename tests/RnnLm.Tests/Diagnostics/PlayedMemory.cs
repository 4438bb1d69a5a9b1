using RnnLm.Diagnostics;

namespace RnnLm.Tests;

/// <summary>Plays a machine with another memory for what the test calls, and notes what is asked for. None of it is in use.</summary>
internal sealed class PlayedMemory : MachineMemory, IDisposable
{
    public PlayedMemory(long total = long.MaxValue / 2)
    {
        Total = total;
        Played.Value = this;
    }

    public override long Total { get; }

    /// <summary>Gets the bytes that were asked for, in turn.</summary>
    public List<double> Wanted { get; } = [];

    public override long Left(double wanted)
    {
        Wanted.Add(wanted);
        return Total;
    }

    public void Dispose() => Played.Value = null;
}
