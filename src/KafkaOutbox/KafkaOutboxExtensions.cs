using IotBus.Kafka;
using IotBus.Persistence;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.KafkaOutbox;

/// <summary>Joins the outbox on MongoDB with the Kafka rider.</summary>
public static class KafkaOutboxExtensions
{
    /// <summary>
    /// Lets the outbox deliver to the topics of this bus's rider what consumers and sagas produce in their transactions: in bulk, in order, as raw JSON with
    /// its headers. With <c>UseMongoDbMessageScheduler</c> messages can be scheduled for topics, and sagas and redelivery on topic endpoints schedule theirs.
    /// What is scheduled for an endpoint waits for a process that has one of its group. Needs <c>AddMongoDbOutbox</c> and a rider with <c>UsingKafka</c>.
    /// </summary>
    public static void AddKafkaOutbox(this IBusRegistrationConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TryAddSingleton<OutboxRider>();
        configurator.TryAddSingleton<IScheduledDelivery, EndpointOutboxTransport>();
        configurator.TryAddEnumerable(ServiceDescriptor.Singleton<IOutboxTransport, KafkaOutboxTransport>());
        configurator.TryAddEnumerable(ServiceDescriptor.Singleton<IOutboxTransport, EndpointOutboxTransport>());
    }
}
