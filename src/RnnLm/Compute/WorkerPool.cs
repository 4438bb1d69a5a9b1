using System.Runtime.ExceptionServices;

namespace RnnLm;

/// <summary>
/// Threads that share short pieces of work with their caller: fork and join in about a microsecond while they are kept busy, asleep when they are not.
/// Workers are started when first needed and are background threads.
/// </summary>
/// <param name="threads">The number of threads that share work at most, the caller's included.</param>
internal sealed class WorkerPool(int threads) : IDisposable
{
    private readonly Worker?[] _workers = new Worker?[Math.Max(threads, 1) - 1];
    private int _busy;
    private bool _disposed;

    /// <summary>Gets the pool that inference shares, as wide as the machine.</summary>
    public static WorkerPool Shared { get; } = new(Environment.ProcessorCount);

    /// <summary>
    /// Runs <paramref name="body"/> once for each share of the work, and returns when all are done. The caller runs share 0. The body is told its
    /// share and their number, which is 1 where the pool is in use already (by another thread, or by the caller further up): the results must not
    /// depend on it. A body whose threads wait for each other must not throw.
    /// </summary>
    /// <param name="count">The number of shares wanted; no more than the pool has threads are made.</param>
    /// <param name="body">Takes the state, the share, and the number of shares. A static lambda makes the call free of allocation.</param>
    /// <param name="state">What the body works on.</param>
    public void Run<TState>(int count, Action<TState, int, int> body, TState state)
        where TState : class
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        count = Math.Min(count, _workers.Length + 1);
        if (count <= 1 || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            body(state, 0, 1);
            return;
        }

        for (int i = 1; i < count; i++)
            (_workers[i - 1] ??= new Worker()).Start(Invoker<TState>.Invoke, body, state, i, count);
        try
        {
            body(state, 0, count);
        }
        finally
        {
            Exception? failure = null;
            for (int i = 1; i < count; i++)
                failure = _workers[i - 1]!.Join() ?? failure;
            Volatile.Write(ref _busy, 0);
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the threads. Not to be called while work runs.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (Worker? worker in _workers)
            worker?.Stop();
    }

    private static class Invoker<TState>
        where TState : class
    {
        public static readonly Action<object, object, int, int> Invoke =
            static (body, state, share, count) => ((Action<TState, int, int>)body)((TState)state, share, count);
    }

    private sealed class Worker
    {
        // A worker looks for work this long (some 100 µs) before it sleeps.
        private const int IdleSpins = 2500;
        private const int Idle = 0, Ready = 1, Asleep = 2, Stopped = 3;

        private readonly object _gate = new();
        private Action<object, object, int, int>? _invoke;
        private object? _body;
        private object? _state;
        private Exception? _failure;
        private int _share;
        private int _count;
        private int _status;

        public Worker() => new Thread(Loop) { IsBackground = true, Name = "RnnLm worker" }.Start();

        public void Start(Action<object, object, int, int> invoke, object body, object state, int share, int count)
        {
            (_invoke, _body, _state, _share, _count, _failure) = (invoke, body, state, share, count, null);
            Signal(Ready);
        }

        public Exception? Join()
        {
            var spinner = default(Spinner);
            while (Volatile.Read(ref _status) == Ready)
                spinner.Once();
            return _failure;
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
                try
                {
                    _invoke!(_body!, _state!, _share, _count);
                }
#pragma warning disable CA1031 // Whatever it is, the caller gets it.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    _failure = e;
                }

                _body = _state = null;
                Interlocked.CompareExchange(ref _status, Idle, Ready);
            }
        }

        private bool Await()
        {
            for (int i = 0; Volatile.Read(ref _status) == Idle; i++)
            {
                if (i < IdleSpins)
                    Thread.SpinWait(1);
                else
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
