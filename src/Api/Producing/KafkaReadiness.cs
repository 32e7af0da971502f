using IotBus.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Api.Producing;

/// <summary>Ready once the topics are there, and as long as Kafka answers.</summary>
internal sealed class KafkaReadiness(IKafkaHealth kafka, TopicCreation topics) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await kafka.CheckAsync(cancellationToken);
        }
        catch (KafkaUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }

        return topics.Missing is { } missing ? HealthCheckResult.Unhealthy(missing) : HealthCheckResult.Healthy();
    }
}
