namespace RnnLm;

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
        _array = GC.AllocateArray<float>(checked(Length + (Alignment / sizeof(float))), pinned: true);
        float* start;
        fixed (float* p = _array)
            start = p;
        nuint past = (nuint)start % Alignment;
        _offset = past == 0 ? 0 : (int)((Alignment - past) / sizeof(float));
        Pointer = start + _offset;
    }

    /// <summary>Gets the number of floats.</summary>
    public int Length { get; }

    /// <summary>Gets the address of the first.</summary>
    public float* Pointer { get; }

    /// <summary>Gets the floats.</summary>
    public Span<float> Span => _array.AsSpan(_offset, Length);
}
