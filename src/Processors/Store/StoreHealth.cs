using IotBus.MongoDb;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.Processors.Store;

/// <summary>Asks MongoDB for an answer, and whether the collections are in place.</summary>
internal sealed class StoreHealth(MongoClient client, StoreSetup setup) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await client.PingAsync(cancellationToken).ConfigureAwait(false);
        return setup.Ready.IsCompletedSuccessfully
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The collections are not made yet.");
    }
}
