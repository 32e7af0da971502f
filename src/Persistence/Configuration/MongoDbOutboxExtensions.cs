using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Persistence;

/// <summary>Adds inbox and outbox to a bus and to its endpoints.</summary>
public static class MongoDbOutboxExtensions
{
    /// <summary>Adds inbox, outbox and their delivery: <c>x.AddMongoDbOutbox(o => { o.Connection = …; o.UseBusOutbox(); })</c>.</summary>
    /// <exception cref="ConfigurationException">A setting is out of its range.</exception>
    public static void AddMongoDbOutbox(
        this IBusRegistrationConfigurator configurator, Action<IMongoDbOutboxConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        var outbox = new MongoDbOutboxConfigurator(configurator);
        configure?.Invoke(outbox);
        outbox.Register();
    }

    /// <summary>
    /// Lets the consumers and sagas that are configured on the endpoint after this run in one transaction a message. Call it before
    /// <c>ConfigureConsumer</c>. A message is consumed again by itself while the store is in the way; for the consumer's own exceptions add
    /// <c>UseMessageRetry</c> before this.
    /// </summary>
    public static void UseMongoDbOutbox(this IReceiveEndpointConfigurator configurator, IRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(context);
        var retry = new StoreRetryObserver(context.GetRequiredService<StoreRetryPolicy>());
        configurator.ConnectConsumerConfigurationObserver(retry);
        configurator.ConnectSagaConfigurationObserver(retry);

        var outbox = new OutboxConsumePipeSpecificationObserver<MongoDbContext>(configurator, context);
        configurator.ConnectConsumerConfigurationObserver(outbox);
        configurator.ConnectSagaConfigurationObserver(outbox);
    }
}
