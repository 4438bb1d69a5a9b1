namespace RnnLm.TorchSharp.Tests;

/// <summary>Counts the tensors that this thread has made and not yet disposed.</summary>
internal static class LiveTensors
{
    public static long Count => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>Fails if an action leaves tensors behind, or takes away what it did not make.</summary>
    public static void AssertUnchangedBy(Action action)
    {
        long before = Count;
        action();
        Assert.Equal(before, Count);
    }
}
