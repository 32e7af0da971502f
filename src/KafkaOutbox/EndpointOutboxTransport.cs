using IotBus.Kafka;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.KafkaOutbox;

/// <summary>
/// Gives what was scheduled for a topic endpoint's own consumers to them, in this process: a saga's timeouts, messages that are redelivered. They need not be of
/// a type that is on the topic. Thread-safe.
/// </summary>
internal sealed class EndpointOutboxTransport(OutboxRider outbox) : IOutboxBulkTransport, IScheduleTransport, IScheduledDelivery
{
    public bool Accepts(Uri destination) => outbox.Rider.IsEndpoint(destination);

    /// <summary>Whether it is an endpoint of this process: in a rolling update one version may have what another has not.</summary>
    public bool Delivers(Uri destination) => outbox.Rider.HasEndpoint(destination);

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => outbox.Rider.DispatchAsync(message, cancellationToken);

    public Task<SendContext<T>> CreateAsync<T>(
        Uri destination, T message, IPipe<SendContext<T>> pipe, ConsumeContext? consuming, CancellationToken cancellationToken)
        where T : class => outbox.Rider.CaptureAsync(destination, message, pipe, consuming, cancellationToken);

    public IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        outbox.Rider.DispatchAll(messages, cancellationToken);
}
