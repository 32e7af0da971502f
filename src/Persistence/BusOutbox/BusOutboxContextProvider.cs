using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;

namespace IotBus.Persistence;

/// <summary>Gives a scope its endpoints: those of the message that is consumed in it, or else ones that wait for the scope's transaction.</summary>
internal sealed class BusOutboxContextProvider : IScopedBusContextProvider<IBus>
{
    public BusOutboxContextProvider(
        IBus bus,
        MongoDbContext database,
        Bind<IBus, IClientFactory> clientFactory,
        Bind<IBus, IScopedConsumeContextProvider> busConsumeContext,
        IScopedConsumeContextProvider consumeContext,
        IServiceProvider provider)
    {
        if (busConsumeContext.Value.HasContext)
            Context = new ConsumeContextScopedBusContext(busConsumeContext.Value.GetContext(), clientFactory.Value);
        else if (!consumeContext.HasContext)
            Context = new BusOutboxContext(bus, bus, database, clientFactory.Value, provider);
        else if (database.Session is null)
            Context = new ConsumeContextScopedBusContext<IBus>(bus, consumeContext.GetContext(), clientFactory.Value, provider);
        else
            Context = OfRider(bus, consumeContext.GetContext(), database, clientFactory.Value, provider);
    }

    public ScopedBusContext Context { get; }

    /// <summary>A message of a rider is consumed: what its consumer sends over the bus belongs to its transaction too.</summary>
    private static BusOutboxContext OfRider(
        IBus bus, ConsumeContext context, MongoDbContext database, IClientFactory clientFactory, IServiceProvider provider) =>
        new(
            new ScopedConsumeSendEndpointProvider(bus, context, provider),
            new ScopedConsumePublishEndpointProvider(bus, context, provider),
            database,
            clientFactory,
            provider);
}
