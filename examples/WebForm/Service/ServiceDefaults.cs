using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Timeouts;
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

namespace WebForm.Service;

/// <summary>What a service needs besides its answers: limits, problem details, health, telemetry and headers.</summary>
internal static partial class ServiceDefaults
{
    /// <summary>The name of the limit and of the timeout for requests that use a model.</summary>
    public const string Work = "work";

    /// <summary>Adds the services.</summary>
    public static void AddServiceDefaults(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSettings<ServiceLimits>("Limits").ValidateDataAnnotations();
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

        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        services.AddExceptionHandler<QuietExceptionHandler>();
        services.AddProblemDetails();
        services.AddOptions<ProblemDetailsOptions>().Configure<IOptions<ServiceLimits>>((problems, limits) =>
            problems.CustomizeProblemDetails = context => context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
            {
                StatusCodes.Status400BadRequest => "The request is not in the form that is asked for.",
                StatusCodes.Status413PayloadTooLarge => $"The body may have {limits.Value.BodyBytes} bytes at most.",
                StatusCodes.Status429TooManyRequests => "Too many requests are waiting. Try again in a second.",
                StatusCodes.Status504GatewayTimeout => "The request took too long and was given up.",
                _ => null,
            });
        services.AddHealthChecks();
        services.AddSingleton<ServiceTelemetry>();
        builder.AddExport();
    }

    /// <summary>Adds options that are a section of appsettings.json, in which no key may be unknown.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class => services.AddOptions<T>().Configure<IConfiguration>((settings, configuration) =>
    {
        try
        {
            configuration.GetSection(section).Bind(settings, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            // Which key it is stands in the first message, what is wrong with it in the last.
            IEnumerable<string> messages =
                ((string[])[exception.Message, exception.GetBaseException().Message]).Distinct(StringComparer.Ordinal);
            throw new OptionsValidationException(section, typeof(T), [string.Join(' ', messages)]);
        }
    });

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
                return problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext });
            }

            string? endpoint = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName;
            LogFailure(logger, exception.GetType(), endpoint, exception.StackTrace);
            return problems.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = { Detail = "The request failed. The log of the service says where." },
            });
        }

        [LoggerMessage(Level = LogLevel.Error, Message = "{Type} in {Endpoint}\n{Stack}")]
        private static partial void LogFailure(ILogger logger, Type type, string? endpoint, string? stack);
    }
}
