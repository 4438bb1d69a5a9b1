namespace RnnLm.Numerics;

/// <summary>
/// Floats at a fixed address on a cache line's boundary. The collector frees them: whoever holds the object may use the pointer, so a model that is
/// disposed takes nothing away under a session that still runs.
/// </summary>
internal sealed unsafe class AlignedFloats
{
    private const int Alignment = 64;
    private readonly float[] _array;
    private readonly int _offset;

    /// <summary>Makes a block of zeros.</summary>
    public AlignedFloats(long length)
    {
        Length = checked((int)length);
        _array = GC.AllocateArray<float>(Padded(Length), pinned: true);
        float* start;
        fixed (float* p = _array)
            start = p;
        Pointer = Align(start);
        _offset = (int)(Pointer - start);
    }

    /// <summary>Gets the number of floats.</summary>
    public int Length { get; }

    /// <summary>Gets the address of the first.</summary>
    public float* Pointer { get; }

    /// <summary>Gets the floats.</summary>
    public Span<float> Span => _array.AsSpan(_offset, Length);

    /// <summary>Returns how many floats hold so many wherever the boundary falls.</summary>
    public static int Padded(int length) => checked(length + (Alignment / sizeof(float)));

    /// <summary>Returns the first boundary at or after an address.</summary>
    public static float* Align(float* start) => (float*)(((nuint)start + Alignment - 1) & ~(nuint)(Alignment - 1));
}
