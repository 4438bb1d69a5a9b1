// Written by 'rnnlm codegen' (RnnLm 0.1.0) from messages.rnnlm.json. It is yours to change.
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.RateLimiting;

namespace Web;

/// <summary>
/// What is measured of requests that use a model: how many wait and run, and how long each took with which outcome. Nothing that was
/// typed or written is in it.
/// </summary>
internal sealed partial class ServiceTelemetry
{
    /// <summary>The name of the meter and of the source of traces.</summary>
    public const string Name = "Web";

    private static readonly ActivitySource Source = new(Name);

    private readonly ILogger<ServiceTelemetry> _logger;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _queued;
    private readonly UpDownCounter<long> _active;

    public ServiceTelemetry(IMeterFactory meters, ILogger<ServiceTelemetry> logger)
    {
        _logger = logger;
        Meter meter = meters.Create(Name);
        _duration = meter.CreateHistogram<double>(
            "rnnlm.request.duration", "s", "Time from a request's arrival to the end of its answer, by operation and outcome.");
        _queued = meter.CreateUpDownCounter<long>("rnnlm.request.queued", "{request}", "Requests that arrive or wait for their turn.");
        _active = meter.CreateUpDownCounter<long>("rnnlm.request.active", "{request}", "Requests that are worked on.");
    }

    /// <summary>Returns whether a request waits for its turn.</summary>
    public static bool IsWaiting(HttpContext context) => context.Features.Get<Request>() is { HasBegun: false };

    /// <summary>Measures a request, the time that it waits included.</summary>
    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata is not { } metadata || metadata.GetMetadata<EnableRateLimitingAttribute>() is null)
        {
            await next(context);
            return;
        }

        string operation = metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "other", outcome = "failed";
        var request = new Request { Operation = new("operation", operation) };
        context.Features.Set(request);
        long start = Stopwatch.GetTimestamp();
        _queued.Add(1, request.Operation);
        using Activity? activity = Source.StartActivity(operation);
        try
        {
            await next(context);
            outcome = Outcome(context.Response.StatusCode);
            if (context.Response.StatusCode == StatusCodes.Status504GatewayTimeout)
                LogTimeout(_logger, operation);
        }
        catch (BadHttpRequestException refused)
        {
            outcome = Outcome(refused.StatusCode);
            throw;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client hung up.
            outcome = "cancelled";
            throw;
        }
        finally
        {
            (request.HasBegun ? _active : _queued).Add(-1, request.Operation);
            _duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, request.Operation, new("outcome", outcome));
            activity?.SetTag("outcome", outcome);
        }
    }

    /// <summary>Notes that the turn of a request has come.</summary>
    public Task BeginAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<Request>() is { } request)
        {
            request.HasBegun = true;
            _queued.Add(-1, request.Operation);
            _active.Add(1, request.Operation);
        }

        return next(context);
    }

    private static string Outcome(int status) => status switch
    {
        < 400 => "ok",
        StatusCodes.Status429TooManyRequests => "busy",
        < 500 => "refused",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        StatusCodes.Status504GatewayTimeout => "timeout",
        _ => "failed",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A request for {Operation} took too long and was given up.")]
    private static partial void LogTimeout(ILogger logger, string operation);

    private sealed class Request
    {
        public KeyValuePair<string, object?> Operation { get; init; }

        public bool HasBegun { get; set; }
    }
}
