using IotBus.MongoDb;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Reporting.Store;

/// <summary>Ready while MongoDB's primary answers.</summary>
internal sealed class MongoDbReadiness(ReportingStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.PingAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MongoException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
