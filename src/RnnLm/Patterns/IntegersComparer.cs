namespace RnnLm.Patterns;

/// <summary>Compares arrays by what is in them.</summary>
internal sealed class IntegersComparer : IEqualityComparer<int[]>
{
    public static IntegersComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(obj));
        return hash.ToHashCode();
    }
}
