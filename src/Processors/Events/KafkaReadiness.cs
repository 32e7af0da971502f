using IotBus.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Processors.Events;

/// <summary>Ready as long as Kafka answers.</summary>
internal sealed class KafkaReadiness(IKafkaHealth kafka) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await kafka.CheckAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
