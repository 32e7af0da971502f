using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Persistence;

/// <summary>What inbox, outbox, scheduler and saga repository share.</summary>
internal static class PersistenceServices
{
    public static void AddPersistence(
        this IServiceCollection services, MongoDbOutboxOptions options, Func<IServiceProvider, PersistenceStore> store)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(store);
        services.TryAddSingleton(provider => provider.GetRequiredService<PersistenceStore>().Database);
        services.TryAddSingleton<StoreSetup>();
        services.TryAddSingleton<InboxCollection>();
        services.TryAddSingleton<OutboxCollection>();
        services.TryAddSingleton<OutboxMessages>();
        services.TryAddSingleton<OutboxSignal>();
        services.TryAddSingleton<OutboxWriter>();
        services.TryAddSingleton<OutboxMetrics>();
        services.TryAddSingleton<LeaseCollection>();
        services.TryAddSingleton<ProcessCollection>();
        services.TryAddSingleton<TransactionCommit>();
        services.TryAddSingleton<BusTransport>();
        services.TryAddSingleton<OutboxTransports>();
        services.TryAddSingleton<OutboxDeliveryServices>();
        services.TryAddSingleton<OutboxWatch>();
        services.TryAddSingleton<StoreRetryPolicy>();
        services.TryAddScoped(provider => new MongoDbContext(
            provider.GetRequiredService<PersistenceStore>(),
            provider.GetRequiredService<OutboxWriter>(),
            provider.GetRequiredService<TransactionCommit>(),
            provider.GetRequiredService<ProcessCollection>().AnnounceAsync));
    }
}
