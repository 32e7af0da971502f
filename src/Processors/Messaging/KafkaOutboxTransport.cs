using IotBus.Kafka;
using IotBus.Persistence;

namespace IotBus.Processors.Messaging;

/// <summary>Delivers what the outbox holds for topics.</summary>
internal sealed class KafkaOutboxTransport(IServiceProvider services) : IOutboxTransport
{
    // Resolved late: the rider needs the bus, which needs the outbox.
    private IKafkaRider Rider => services.GetRequiredService<IKafkaRider>();

    public bool Accepts(Uri destination) => Rider.IsTopic(destination);

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => Rider.SendAsync(message, cancellationToken);
}
