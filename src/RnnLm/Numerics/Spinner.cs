namespace RnnLm.Numerics;

/// <summary>
/// Waits for another thread that is about to be done: for some ten microseconds in a tight loop, then, as that thread may lack a processor,
/// giving up the time slice.
/// </summary>
internal struct Spinner
{
    private static readonly int s_spins = Environment.ProcessorCount > 1 ? 200 : 0;
    private int _count;

    /// <summary>Waits a moment.</summary>
    /// <returns>Whether it was one of the tight loop.</returns>
    public bool Once()
    {
        if (_count < s_spins)
        {
            _count++;
            Thread.SpinWait(1);
            return true;
        }

        Thread.Yield();
        return false;
    }
}
