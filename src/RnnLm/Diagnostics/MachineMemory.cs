namespace RnnLm.Diagnostics;

/// <summary>
/// The memory that this process may use: that of the machine, or less where a container or the runtime's configuration sets a limit.
/// What other processes use is not subtracted, as it comes and goes.
/// </summary>
internal class MachineMemory
{
    private static readonly MachineMemory Own = new();

    /// <summary>Lets a test play another machine, in its own flow of control.</summary>
    public static readonly AsyncLocal<MachineMemory?> Played = new();

    /// <summary>Gets that of this machine.</summary>
    public static MachineMemory Current => Played.Value ?? Own;

    /// <summary>
    /// Gets all of it, in bytes: up to the load that the collector calls high, a tenth below what there is. Above it the system is about to
    /// run out.
    /// </summary>
    public virtual long Total
    {
        get
        {
            GCMemoryInfo info = GC.GetGCMemoryInfo();
            return Math.Min(info.TotalAvailableMemoryBytes, info.HighMemoryLoadThresholdBytes);
        }
    }

    /// <summary>Returns how many bytes are left, after a collection where otherwise too few would be.</summary>
    /// <param name="wanted">The number of bytes that are wanted.</param>
    public virtual long Left(double wanted)
    {
        long left = Total - GC.GetTotalMemory(forceFullCollection: false);
        return Math.Max(0, wanted <= left ? left : Total - GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>Refuses what takes more than is left, where no option brings it down.</summary>
    /// <param name="wanted">The number of bytes that are wanted.</param>
    /// <param name="what">What takes them, with the verb: <c>the model takes</c>.</param>
    /// <exception cref="MemoryLimitException">Less is left than is wanted.</exception>
    public void Require(double wanted, string what)
    {
        long left = Left(wanted);
        if (wanted > left)
        {
            throw new MemoryLimitException(
                $"{what} about {Describe(wanted)} of memory, but {DescribeLeft(left)}. Use a machine or a container with more memory.");
        }
    }

    /// <summary>Says how much is left: <c>of the 3.6 GiB that this process may use, 1.2 GiB are left</c>.</summary>
    public string DescribeLeft(long left) => $"of the {Describe(Total)} that this process may use, {Describe(left)} are left";

    /// <summary>Writes a number of bytes for people: <c>38.7 GiB</c>.</summary>
    public static string Describe(double bytes) => bytes < 1 << 30
        ? FormattableString.Invariant($"{bytes / (1 << 20):N0} MiB")
        : FormattableString.Invariant($"{bytes / (1 << 30):N1} GiB");
}
