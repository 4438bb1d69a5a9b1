namespace RnnLm;

/// <summary>A meeting point for the threads of one <see cref="WorkerPool.Run{TState}"/>, for loops over time that would else fork and join at each step.</summary>
internal sealed class SpinBarrier
{
    private int _arrived;
    private int _phase;

    /// <summary>Returns when <paramref name="count"/> threads have called it. What they wrote before is seen by all of them after.</summary>
    public void SignalAndWait(int count)
    {
        if (count <= 1)
            return;
        int phase = Volatile.Read(ref _phase);
        if (Interlocked.Increment(ref _arrived) == count)
        {
            _arrived = 0;
            Volatile.Write(ref _phase, phase + 1);
            return;
        }

        var spinner = default(Spinner);
        while (Volatile.Read(ref _phase) == phase)
            spinner.Once();
    }
}
