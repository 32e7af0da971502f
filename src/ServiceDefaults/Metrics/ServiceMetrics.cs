using System.Reflection;
using IotBus.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>Which version of the service this is, and whether it takes work.</summary>
internal sealed class ServiceMetrics(Readiness readiness)
{
    /// <summary>An orchestrator asks more often than this, so that a scrape finds its answer and waits for nothing.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private static readonly string Version =
        typeof(ServiceMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Asks the readiness checks where nobody did lately; what it returns writes their answers.</summary>
    public async Task<Action<Exposition>> AskAsync(CancellationToken cancellationToken)
    {
        var outcomes = await readiness.LatestAsync(MaxAge, cancellationToken);
        return exposition => Write(exposition, outcomes);
    }

    private static void Write(Exposition exposition, IReadOnlyList<CheckOutcome> outcomes)
    {
        exposition.Header("iotbus_build_info", "Always 1; its label tells which version of the service this is.", MetricKind.Gauge);
        exposition.Sample("iotbus_build_info", Labels.Format([new("version", Version)]), 1);

        exposition.Header("iotbus_ready", "Whether a readiness check passes: 1 or 0. The service takes work when all are 1.", MetricKind.Gauge);
        foreach (var outcome in outcomes)
            exposition.Sample("iotbus_ready", Labels.Format([new("check", outcome.Name)]), outcome.Status == HealthStatus.Unhealthy ? 0 : 1);
    }
}
