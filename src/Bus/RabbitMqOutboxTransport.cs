using IotBus.Persistence;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Bus;

/// <summary>
/// Delivers what the outbox holds for the bus to RabbitMQ. The task ends when the broker has confirmed the message: for a quorum queue, when most of its nodes have
/// written it. A message to a queue that is not there yet is not taken for delivered. Thread-safe.
/// </summary>
internal sealed class RabbitMqOutboxTransport(IBus bus) : IOutboxTransport
{
    /// <summary>Also what was stored when the bus was in memory, or on another RabbitMQ: it goes to the queue of that name here.</summary>
    public bool Accepts(Uri destination) => BusAddress.IsOne(destination);

    public async Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var (name, isQueue) = BusAddress.Parse(message.DestinationAddress);

        // Through the queue's exchange: an address of the queue would declare the queue, and as a classic one.
        var exchange = new Uri($"exchange:{name}");
        var endpoint = await bus.GetSendEndpoint(exchange).ConfigureAwait(false);
        await endpoint.Send(new SerializedMessageBody(), new SendPipe(message, exchange, isQueue), cancellationToken).ConfigureAwait(false);
    }

    private sealed class SendPipe(OutboxMessage message, Uri destination, bool isQueue) : IPipe<SendContext>
    {
        private readonly OutboxMessageSendPipe _stored = new(message, destination);

        public async Task Send(SendContext context)
        {
            await _stored.Send(context).ConfigureAwait(false);
            if (context is RabbitMqSendContext rabbit)
                rabbit.Mandatory = isQueue;
        }

        public void Probe(ProbeContext context) => _stored.Probe(context);
    }
}
