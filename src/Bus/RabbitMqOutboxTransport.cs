using IotBus.Persistence;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Bus;

/// <summary>
/// Delivers what the outbox holds for the bus to RabbitMQ. The task ends when the broker has confirmed the message: for a quorum queue, when most of its nodes have
/// written it. A message to a queue that is not there yet is not taken for delivered. Thread-safe.
/// </summary>
internal sealed class RabbitMqOutboxTransport(IServiceProvider services) : IOutboxTransport
{
    private IBus? _bus;

    /// <summary>Asked for late: it is still being made when its message scheduler asks for the transports.</summary>
    private IBus Bus => _bus ??= services.GetRequiredService<IBus>();

    /// <summary>Also what was stored when the bus was in memory, or on another RabbitMQ: it goes to the queue, or the exchange of the type, of that name here.</summary>
    public bool Accepts(Uri destination) => BusAddress.IsOne(destination);

    public async Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var (exchange, needsQueue) = BusAddress.Parse(message.DestinationAddress);
        var endpoint = await Bus.GetSendEndpoint(exchange).ConfigureAwait(false);
        await endpoint.Send(new SerializedMessageBody(), new SendPipe(message, exchange, needsQueue), cancellationToken).ConfigureAwait(false);
    }

    private sealed class SendPipe(OutboxMessage message, Uri destination, bool needsQueue) : IPipe<SendContext>
    {
        private readonly OutboxMessageSendPipe _stored = new(message, destination);

        public async Task Send(SendContext context)
        {
            await _stored.Send(context).ConfigureAwait(false);
            if (context is RabbitMqSendContext rabbit)
                rabbit.Mandatory = needsQueue;
        }

        public void Probe(ProbeContext context) => _stored.Probe(context);
    }
}
