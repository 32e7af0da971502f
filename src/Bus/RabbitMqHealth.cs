using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Bus;

/// <summary>
/// Says whether RabbitMQ is there. Degraded when it is not: what a replica is asked to do waits in the outbox until the broker is back, and events do not need it.
/// </summary>
internal sealed class RabbitMqHealth(IBusControl bus, RabbitMqTrouble trouble) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // Riders are among the endpoints, and have health checks of their own.
        var health = bus.CheckHealth();
        var queues = health.Endpoints.Values.Where(endpoint => BusAddress.IsOne(endpoint.InputAddress)).ToList();
        if (queues.Count > 0 && queues.TrueForAll(queue => queue.Status == BusHealthStatus.Healthy))
            return Task.FromResult(HealthCheckResult.Healthy());

        var cause = queues.Select(queue => queue.Exception).FirstOrDefault(exception => exception is not null);
        return Task.FromResult(HealthCheckResult.Degraded(
            $"{trouble.Describe(cause)} What is to be done is kept in the store until then."));
    }
}
