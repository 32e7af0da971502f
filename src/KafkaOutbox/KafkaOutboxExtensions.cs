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
    /// its headers. Needs <c>AddMongoDbOutbox</c> and a rider with <c>UsingKafka</c>.
    /// </summary>
    public static void AddKafkaOutbox(this IBusRegistrationConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.TryAddEnumerable(ServiceDescriptor.Singleton<IOutboxTransport, KafkaOutboxTransport>());
    }
}
