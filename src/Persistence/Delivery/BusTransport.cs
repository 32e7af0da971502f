using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Persistence;

/// <summary>Delivers through the bus, as the message was serialized when it was sent.</summary>
internal sealed class BusTransport(IBus bus) : IOutboxTransport
{
    public bool Accepts(Uri destination) => true;

    public async Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var endpoint = await bus.GetSendEndpoint(message.DestinationAddress).ConfigureAwait(false);
        var pipe = new OutboxMessageSendPipe(message, message.DestinationAddress);
        await endpoint.Send(new SerializedMessageBody(), pipe, cancellationToken).ConfigureAwait(false);
    }
}
