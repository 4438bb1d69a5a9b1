using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace RnnLm.Numerics;

/// <summary>
/// Threads that share short pieces of work with their caller: fork and join in about a microsecond while they are kept busy, asleep when
/// they are not. Whoever is free takes the next share, so a caller waits for no thread that has not begun: on a machine with too much to do
/// it does all itself. Workers are started when first needed and are background threads.
/// </summary>
/// <param name="threads">The number of threads that share work at most, the caller's included.</param>
internal sealed class WorkerPool(int threads) : IDisposable
{
    private readonly Worker?[] _workers = new Worker?[Math.Max(threads, 1) - 1];
    private int _busy;
    private bool _disposed;

    // The run's number in the upper half and the next share in the lower one, so that a worker who comes late takes no share of a later
    // run.
    private long _ticket;
    private int _pending;
    private Exception? _failure;

    /// <summary>Gets the pool that inference shares, as wide as the machine.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>
    /// Runs <paramref name="body"/> once for each share of the work, and returns when all are done. The shares run in any order and on any
    /// of the threads, all of them on the caller's where the pool is in use already (by another thread, or by the caller further up): they
    /// must not wait for each other. If a share throws, the others are done, and then one of the exceptions is thrown.
    /// </summary>
    /// <param name="count">The number of shares.</param>
    /// <param name="body">Takes the state, the share, and the number of shares. A static lambda makes the call free of allocation.</param>
    /// <param name="state">What the body works on.</param>
    /// <param name="most">The number of threads at most, where the pool has more.</param>
    public void Run<TState>(int count, Action<TState, int, int> body, TState state, int most = int.MaxValue)
        where TState : class
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int helpers = Math.Min(Math.Min(count, most) - 1, _workers.Length);
        if (helpers < 1 || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            for (int share = 0; share < count; share++)
                body(state, share, count);
            return;
        }

        var work = new Work(Invoker<TState>.Invoke, body, state, count, (int)(_ticket >> 32) + 1);
        _failure = null;
        Volatile.Write(ref _pending, count);
        Volatile.Write(ref _ticket, (long)work.Run << 32);
        for (int i = 0; i < helpers; i++)
            (_workers[i] ??= new Worker(this)).Offer(in work);
        TakeShares(in work);

        var spinner = default(Spinner);
        while (Volatile.Read(ref _pending) > 0)
            spinner.Once();
        Exception? failure = _failure;
        Volatile.Write(ref _busy, 0);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Keeps the pool in use, so that callers do all their work themselves: for where they are as many as there are processors.
    /// Ended by <see cref="Release"/>.</summary>
    /// <returns>Whether it is; not where work runs in it just then.</returns>
    public bool TryHold() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    /// <summary>Ends what <see cref="TryHold"/> began.</summary>
    public void Release() => Volatile.Write(ref _busy, 0);

    /// <summary>Ends the threads. Not to be called while work runs.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (Worker? worker in _workers)
            worker?.Stop();
    }

    private void TakeShares(in Work work)
    {
        while (TryTakeShare(in work, out int share))
        {
            try
            {
                work.Invoke(work.Body, work.State, share, work.Count);
            }
#pragma warning disable CA1031 // Whatever it is, the caller gets it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Volatile.Write(ref _failure, e);
            }

            Interlocked.Decrement(ref _pending);
        }
    }

    private bool TryTakeShare(in Work work, out int share)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            share = (int)ticket;
            if ((int)(ticket >> 32) != work.Run || share >= work.Count)
                return false;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) == ticket)
                return true;
        }
    }

    private readonly record struct Work(Action<object, object, int, int> Invoke, object Body, object State, int Count, int Run);

    private static class Invoker<TState>
        where TState : class
    {
        public static readonly Action<object, object, int, int> Invoke =
            static (body, state, share, count) => ((Action<TState, int, int>)body)((TState)state, share, count);
    }

    private sealed class Worker
    {
        /// <summary>A worker looks for work this long before it sleeps.</summary>
        private static readonly TimeSpan s_idleTime = TimeSpan.FromMicroseconds(100);

        private const int Idle = 0, Ready = 1, Asleep = 2, Stopped = 3;

        private readonly WorkerPool _pool;
        private readonly object _gate = new();
        private Work _work;
        private int _status;

        public Worker(WorkerPool pool)
        {
            _pool = pool;
            new Thread(Loop) { IsBackground = true, Name = "RnnLm worker" }.Start();
        }

        /// <summary>Hands over work, unless the worker has not come back from what it was given before.</summary>
        public void Offer(in Work work)
        {
            if (Volatile.Read(ref _status) == Ready)
                return;
            _work = work;
            Signal(Ready);
        }

        public void Stop() => Signal(Stopped);

        private void Signal(int status)
        {
            if (Interlocked.Exchange(ref _status, status) != Asleep)
                return;
            lock (_gate)
                Monitor.Pulse(_gate);
        }

        private void Loop()
        {
            while (Await())
            {
                _pool.TakeShares(in _work);
                _work = default;
                Interlocked.CompareExchange(ref _status, Idle, Ready);
            }
        }

        private bool Await()
        {
            long start = 0;
            var spinner = default(Spinner);
            while (Volatile.Read(ref _status) == Idle)
            {
                // To read the clock takes as long as to fork: not while work may come at any moment.
                if (spinner.Once())
                    continue;
                if (start == 0)
                    start = Stopwatch.GetTimestamp();
                else if (Stopwatch.GetElapsedTime(start) >= s_idleTime)
                    Sleep();
            }

            return Volatile.Read(ref _status) == Ready;
        }

        private void Sleep()
        {
            lock (_gate)
            {
                if (Interlocked.CompareExchange(ref _status, Asleep, Idle) != Idle)
                    return;
                while (Volatile.Read(ref _status) == Asleep)
                    Monitor.Wait(_gate);
            }
        }
    }
}
