using IotBus.Persistence;
using MassTransit;

namespace IotBus.KafkaOutbox;

/// <summary>Delivers what the outbox holds for topics, many messages at once, in order by key. Thread-safe.</summary>
internal sealed class KafkaOutboxTransport(OutboxRider outbox) : IOutboxBulkTransport, IScheduleTransport
{
    public bool Accepts(Uri destination) => outbox.Rider.IsTopic(destination);

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => outbox.Rider.SendAsync(message, cancellationToken);

    public Task<SendContext<T>> CreateAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming, CancellationToken cancellationToken)
        where T : class => outbox.Rider.CaptureAsync(destination, message, pipe, consuming, cancellationToken);

    public IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        outbox.Rider.SendAll(messages, cancellationToken);
}
