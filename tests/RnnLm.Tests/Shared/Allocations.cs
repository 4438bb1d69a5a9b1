namespace RnnLm.Tests;

/// <summary>Counts what a piece of code allocates.</summary>
internal static class Allocations
{
    /// <summary>
    /// Returns the bytes that the calling thread allocates in a run: the least of several, since the runtime itself allocates now and then,
    /// as when it replaces a method by its optimised form.
    /// </summary>
    public static long Least(Action run)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5 && least > 0; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
