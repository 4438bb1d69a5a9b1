namespace RnnLm.Managed.Training;

/// <summary>
/// Numbers at a fixed address on a cache line's boundary, that grow as needed and never shrink, so that in the steady state nothing is allocated. A vector
/// that starts inside may be read past the end.
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

    /// <summary>Gets the address of the first element. It holds until the next <see cref="Reserve"/>.</summary>
    public T* Pointer { get; private set; }

    /// <summary>Gets the elements.</summary>
    public Span<T> Span => _array.AsSpan(_offset, Length);

    /// <summary>Makes room for a number of elements, some to spare where it grows. Where there is not enough, all elements become zero.</summary>
    public void Reserve(long length)
    {
        if (length <= Length)
            return;
        Length = checked((int)Math.Max(length, Length * 5L / 4));
        // The old array may be collected to make room for the new one.
        _array = [];
        _array = GC.AllocateArray<T>(checked(Length + (2 * Alignment / sizeof(T))), pinned: true);
        T* start;
        fixed (T* p = _array)
            start = p;
        _offset = (int)((Alignment - ((nuint)start % Alignment)) % Alignment) / sizeof(T);
        Pointer = start + _offset;
    }
}
