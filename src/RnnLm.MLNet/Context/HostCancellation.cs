using Microsoft.ML.Runtime;
using RnnLm.MLNet.MLNetInternals;

namespace RnnLm.MLNet.Context;

/// <summary>
/// A token that is cancelled with a token of the user's and with <c>MLContext.CancelExecution</c>, for which ML.NET has a flag to look at
/// and no event.
/// </summary>
internal sealed class HostCancellation : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _source;
    private readonly Timer _timer;

    public HostCancellation(IHost host, CancellationToken token)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(token);
        if (HostAccess.IsCanceled(host))
            _source.Cancel();
        _timer = new Timer(_ => CancelWith(host), null, Interval, Interval);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(initialState: false))
        {
            // A look at the flag that is under way must not find the source disposed.
            if (_timer.Dispose(stopped))
                stopped.WaitOne();
        }

        _source.Dispose();
    }

    private void CancelWith(IHost host)
    {
        if (HostAccess.IsCanceled(host))
            _source.Cancel();
    }
}
