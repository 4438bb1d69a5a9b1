// Written by 'rnnlm codegen' (RnnLm 0.1.0) from messages.rnnlm.json. It is yours to change.
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Web;

/// <summary>What a service needs besides its answers: limits, problem details, health, telemetry and headers.</summary>
internal static partial class ServiceDefaults
{
    /// <summary>The name of the limit and of the timeout for requests that use a model.</summary>
    public const string Work = "work";

    /// <summary>Adds the services.</summary>
    public static void AddServiceDefaults(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSettings<ServiceLimits>("Limits");
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServiceLimits>>((kestrel, limits) =>
            (kestrel.Limits.MaxRequestBodySize, kestrel.AddServerHeader) = (limits.Value.BodyBytes, false));

        services.AddRateLimiter(limiter => limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests);
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<ServiceLimits>>((limiter, limits) =>
        {
            int permits = limits.Value.Concurrency;
            limiter.AddConcurrencyLimit(Work, permits == 0 ? Environment.ProcessorCount : permits, limits.Value.Queue);
            limiter.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "1";
                return ValueTask.CompletedTask;
            };
        });
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<ServiceLimits>>((timeouts, limits) =>
            timeouts.AddPolicy(Work, limits.Value.Timeout));

        // A misspelt member would go unnoticed. What is wrong with a request is told by its exception.
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        // It logs a stack for each request that takes too long, which the telemetry tells in a line.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Http.Timeouts", LogLevel.Error);
        services.AddExceptionHandler<QuietExceptionHandler>();
        services.AddProblemDetails();
        services.AddOptions<ProblemDetailsOptions>().Configure<IOptions<ServiceLimits>>((problems, limits) =>
            problems.CustomizeProblemDetails = context =>
            {
                ProblemDetails problem = context.ProblemDetails;
                // The framework knows the types of all but this.
                if (problem.Status == StatusCodes.Status429TooManyRequests)
                    problem.Type ??= "https://tools.ietf.org/html/rfc6585#section-4";
                problem.Detail ??= problem.Status switch
                {
                    StatusCodes.Status408RequestTimeout => "The body came too slowly.",
                    StatusCodes.Status413PayloadTooLarge => $"The body may have {limits.Value.BodyBytes} bytes at most.",
                    StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, sent as application/json.",
                    StatusCodes.Status429TooManyRequests => "The service is busy with other requests. Try again in a second.",
                    StatusCodes.Status504GatewayTimeout => "The request took too long and was given up.",
                    _ => null,
                };
            });
        services.AddHealthChecks();
        services.AddSingleton<ServiceTelemetry>();
        builder.AddExport();
    }

    /// <summary>Adds a limit of requests that are worked on at a time, for <c>RequireRateLimiting(name)</c>.</summary>
    public static void AddConcurrencyLimit(this RateLimiterOptions limiter, string name, int permits, int queue) =>
        limiter.AddConcurrencyLimiter(name, options => (options.PermitLimit, options.QueueLimit) = (permits, queue));

    /// <summary>Adds the steps that each request passes. Endpoints that use a model ask for <c>RequireRateLimiting</c>.</summary>
    /// <param name="app">The application.</param>
    /// <param name="contentPolicy">The Content-Security-Policy of all answers.</param>
    public static void UseServiceDefaults(
        this WebApplication app, string contentPolicy = "default-src 'none'; frame-ancestors 'none'")
    {
        ServiceTelemetry telemetry = app.Services.GetRequiredService<ServiceTelemetry>();
        app.Use((context, next) =>
        {
            // An exception clears the headers, so that they are set at the last moment.
            context.Response.OnStarting(() =>
            {
                IHeaderDictionary headers = context.Response.Headers;
                (headers.ContentSecurityPolicy, headers.XContentTypeOptions) = (contentPolicy, "nosniff");
                (headers["Referrer-Policy"], headers["Cross-Origin-Resource-Policy"]) = ("no-referrer", "same-origin");
                if (headers.CacheControl.Count == 0)
                    headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(telemetry.MeasureAsync);
        app.UseRequestTimeouts();
        app.Use(async (context, next) =>
        {
            bool isWork = ServiceTelemetry.IsWaiting(context);
            if (isWork)
            {
                // The body is read before the request waits for its turn, so that a slow sender takes no place from others.
                context.Request.EnableBuffering();
                await context.Request.Body.DrainAsync(context.RequestAborted);
                context.Request.Body.Position = 0;
            }

            await next(context);
            // A request that is cancelled while it waits for its turn would be answered as if all were well.
            if (isWork && ServiceTelemetry.IsWaiting(context))
                context.RequestAborted.ThrowIfCancellationRequested();
        });
        app.UseRateLimiter();
        app.Use(telemetry.BeginAsync);

        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteHealthAsync });
    }

    private static Task WriteHealthAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        Status = report.Status.ToString(),
        Checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Data, StringComparer.Ordinal),
    });

    /// <summary>Sends metrics and traces to a collector, where one is configured. The exporter reads its own settings, OTEL_….</summary>
    private static void AddExport(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Environment.ApplicationName))
            .WithMetrics(metrics => metrics
                .AddMeter(ServiceTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"))
            .WithTracing(traces => traces
                .AddSource(ServiceTelemetry.Name)
                .AddAspNetCoreInstrumentation(options => options.Filter = context =>
                    !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)))
            .UseOtlpExporter();
    }

    /// <summary>Logs an exception without its message, which may quote a text.</summary>
    private sealed partial class QuietExceptionHandler(IProblemDetailsService problems, ILogger<QuietExceptionHandler> logger)
        : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is BadHttpRequestException refused)
            {
                httpContext.Response.StatusCode = refused.StatusCode;
                return problems.TryWriteAsync(new ProblemDetailsContext
                {
                    HttpContext = httpContext,
                    ProblemDetails = { Status = refused.StatusCode, Detail = Describe(refused) },
                });
            }

            string? endpoint = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName;
            LogFailure(logger, exception.GetType(), endpoint, exception.StackTrace);
            return problems.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = { Detail = "The request failed. The log of the service says where." },
            });
        }

        /// <summary>Says what is wrong with a request; null where its status says so.</summary>
        private static string? Describe(BadHttpRequestException refused)
        {
            if (refused.StatusCode != StatusCodes.Status400BadRequest)
                return null;
            if (refused.InnerException is JsonException json)
            {
                return json.Path is { Length: > 2 } path
                    ? $"The body's member '{path[2..]}' is not known, or its value is not what is asked for."
                    : "The body must be a JSON object.";
            }

            // Failed to bind parameter "TYPE NAME" from "VALUE".
            return refused.Message.Split('"') is [_, var parameter, " from ", ..] && parameter.Split(' ') is [.., var name]
                ? $"The value of '{JsonNamingPolicy.CamelCase.ConvertName(name)}' is not what is asked for."
                : "The body must be a JSON object.";
        }

        [LoggerMessage(Level = LogLevel.Error, Message = "{Type} in {Endpoint}\n{Stack}")]
        private static partial void LogFailure(ILogger logger, Type type, string? endpoint, string? stack);
    }
}
