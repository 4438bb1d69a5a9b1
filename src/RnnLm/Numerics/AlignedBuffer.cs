namespace RnnLm.Numerics;

/// <summary>
/// Numbers at a fixed address on a cache line's boundary, that grow as needed and never shrink, so that in the steady state nothing is
/// allocated. A vector that starts inside may be read past the end. The collector frees them: whoever holds the object may use the pointer,
/// so a model that is disposed takes nothing away under a session that still runs.
/// </summary>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private T[] _array = [];
    private int _offset;

    /// <summary>Makes a buffer of zeros.</summary>
    public AlignedBuffer(long length = 0) => Reserve(length);

    /// <summary>Gets the number of elements.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the address of the first element; null where there are none. It holds until the next <see cref="Reserve"/>.</summary>
    public T* Pointer { get; private set; }

    /// <summary>Gets the elements.</summary>
    public Span<T> Span => _array.AsSpan(_offset, Length);

    /// <summary>Returns how many elements hold so many wherever the boundary falls.</summary>
    public static int Padded(int length) => checked(length + (Alignment / sizeof(T)));

    /// <summary>Returns the first boundary at or after an address.</summary>
    public static T* Align(T* start) => (T*)(((nuint)start + Alignment - 1) & ~(nuint)(Alignment - 1));

    /// <summary>Makes room for a number of elements, some to spare where it grows. Where there is not enough, all elements become
    /// zero.</summary>
    public void Reserve(long length)
    {
        if (length <= Length)
            return;
        Length = checked((int)Math.Max(length, Length * 5L / 4));
        // The old array may be collected to make room for the new one.
        _array = [];
        _array = GC.AllocateArray<T>(checked(Padded(Length) + (Alignment / sizeof(T))), pinned: true);
        T* start;
        fixed (T* p = _array)
            start = p;
        Pointer = Align(start);
        _offset = (int)(Pointer - start);
    }
}
