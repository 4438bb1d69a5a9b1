using System.Collections.Concurrent;
using RnnLm.Numerics;

namespace RnnLm.Tests;

public sealed class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EachShareRunsOnceEachTime(int threads)
    {
        using var pool = new WorkerPool(threads);
        int[] runs = new int[threads];
        for (int i = 0; i < 2000; i++)
        {
            pool.Run(threads, static (runs, share, count) =>
            {
                Assert.Equal(runs.Length, count);
                runs[share]++;
            }, runs);
        }

        Assert.All(runs, n => Assert.Equal(2000, n));
    }

    [Fact]
    public void ThereMayBeMoreSharesThanThreads()
    {
        using var pool = new WorkerPool(2);
        int[] runs = new int[64];
        for (int i = 0; i < 100; i++)
            pool.Run(64, static (runs, share, _) => runs[share]++, runs);
        Assert.All(runs, n => Assert.Equal(100, n));
    }

    [Fact]
    public void APoolThatIsHeldLeavesAllToTheCaller()
    {
        using var pool = new WorkerPool(4);
        var threads = new ConcurrentBag<int>();
        Assert.True(pool.TryHold());
        Assert.False(pool.TryHold());
        for (int i = 0; i < 200; i++)
            pool.Run(8, static (threads, _, _) => threads.Add(Environment.CurrentManagedThreadId), threads);
        Assert.Equal([Environment.CurrentManagedThreadId], threads.Distinct());
        Assert.Equal(1600, threads.Count);

        pool.Release();
        Assert.True(pool.TryHold());
    }

    [Fact]
    public void WaitsForNoThreadThatIsHeldUp()
    {
        using var pool = new WorkerPool(2);
        using var gate = new ManualResetEventSlim();
        // The worker blocks in its first share while the caller goes on and takes all others; the last share opens the gate.
        int[] taken = new int[2];
        int caller = Environment.CurrentManagedThreadId;
        pool.Run(50, (taken, share, count) =>
        {
            bool own = Environment.CurrentManagedThreadId == caller;
            Interlocked.Increment(ref taken[own ? 0 : 1]);
            if (taken.Sum() == count)
                gate.Set();
            else if (own)
                Thread.Sleep(1);
            else
                gate.Wait();
        }, taken);
        Assert.Equal(50, taken.Sum());
        Assert.InRange(taken[1], 0, 1);
    }

    [Fact]
    public void WakesWorkersThatWentToSleep()
    {
        using var pool = new WorkerPool(2);
        int[] sum = new int[2];
        for (int i = 0; i < 5; i++)
        {
            pool.Run(2, static (sum, share, _) => sum[share]++, sum);
            Thread.Sleep(20);
        }

        Assert.Equal([5, 5], sum);
    }

    [Fact]
    public void NestedWorkRunsInTheThreadThatAsks()
    {
        using var pool = new WorkerPool(3);
        int inner = 0;
        pool.Run(3, (state, _, _) =>
        {
            int thread = Environment.CurrentManagedThreadId;
            state.Run(3, (_, _, count) =>
            {
                Assert.Equal((3, thread), (count, Environment.CurrentManagedThreadId));
                Interlocked.Increment(ref inner);
            }, state);
        }, pool);
        Assert.Equal(9, inner);
    }

    [Fact]
    public void ManyCallersAtOnceEachGetTheirWorkDone()
    {
        using var pool = new WorkerPool(3);
        long total = 0;
        Parallel.For(0, 8, _ =>
        {
            long[] mine = new long[4];
            for (int i = 0; i < 3000; i++)
            {
                pool.Run(3, static (mine, share, count) =>
                {
                    for (int j = share; j < 300; j += count)
                        Interlocked.Add(ref mine[share], j);
                }, mine);
            }

            Interlocked.Add(ref total, mine.Sum());
        });
        Assert.Equal(8L * 3000 * (300 * 299 / 2), total);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AFailureReachesTheCallerAndThePoolGoesOn(int failing)
    {
        using var pool = new WorkerPool(2);
        var state = new StrongBox(failing);
        var thrown = Assert.Throws<InvalidOperationException>(() => pool.Run(2, static (state, share, _) =>
        {
            if (share == state.Value)
                throw new InvalidOperationException("from the body");
        }, state));
        Assert.Equal("from the body", thrown.Message);
        int[] runs = new int[2];
        pool.Run(2, static (runs, share, _) => runs[share]++, runs);
        Assert.Equal([1, 1], runs);
    }

    [Fact]
    public void RunningAllocatesNothing()
    {
        using var pool = new WorkerPool(2);
        int[] runs = new int[2];
        RunOften(10);
        Assert.Equal(0, Allocations.Least(() => RunOften(1000)));

        void RunOften(int times)
        {
            for (int i = 0; i < times; i++)
                pool.Run(2, static (runs, share, _) => runs[share]++, runs);
        }
    }

    [Fact]
    public void DisposesTwiceAndThenRefusesWork()
    {
        var pool = new WorkerPool(2);
        pool.Run(2, static (_, _, _) => { }, pool);
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(2, static (_, _, _) => { }, pool));
    }

    private sealed record StrongBox(int Value);
}
