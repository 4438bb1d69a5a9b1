using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WebForm.Models;

/// <summary>The service is ready when each of its models is loaded.</summary>
internal sealed class ModelsHealth(ModelPool pool) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        bool isReady = pool.Models.Values.All(model => model.IsLoaded), isFaulty = pool.Models.Values.Any(model => model.Fault is not null);
        Dictionary<string, object> states = pool.Models.ToDictionary(
            entry => entry.Key,
            object (entry) => (entry.Value.IsLoaded ? "loaded" : "not loaded") + (entry.Value.Fault is { } fault ? $", file {fault}" : ""),
            StringComparer.Ordinal);
        HealthStatus status = !isReady ? HealthStatus.Unhealthy : isFaulty ? HealthStatus.Degraded : HealthStatus.Healthy;
        string words = string.Join("; ", states.Select(state => $"{state.Key}: {state.Value}"));
        return Task.FromResult(new HealthCheckResult(status, words, data: states));
    }
}
