using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Persistence;

/// <summary>
/// Delivers through the bus, as the message was serialized when it was sent. A broker keeps what it has taken; a queue in memory does not, so
/// a message to one is delivered when this process has consumed it. Thread-safe.
/// </summary>
internal sealed class BusTransport : IOutboxTransport
{
    private const string InMemoryScheme = "loopback";

    private readonly IBusControl _bus;
    private readonly InMemoryReceipts _receipts = new();
    private readonly ConcurrentDictionary<string, bool> _queues = new(StringComparer.Ordinal);

    public BusTransport(IBusControl bus)
    {
        _bus = bus;
        if (bus.Address.Scheme == InMemoryScheme)
            bus.ConnectReceiveObserver(_receipts);
    }

    public bool Accepts(Uri destination) => true;

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => IsOwnQueue(message.DestinationAddress)
        ? _receipts.DeliverAsync(message.DestinationAddress, message.MessageId, () => HandOverAsync(message, cancellationToken), cancellationToken)
        : HandOverAsync(message, cancellationToken);

    private async Task HandOverAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var endpoint = await _bus.GetSendEndpoint(message.DestinationAddress).ConfigureAwait(false);
        var pipe = new OutboxMessageSendPipe(message, message.DestinationAddress);
        await endpoint.Send(new SerializedMessageBody(), pipe, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A publication has no queue of its own, and nobody may be there to consume it.</summary>
    private bool IsOwnQueue(Uri destination)
    {
        if (destination.Scheme != InMemoryScheme)
            return false;

        if (_queues.ContainsKey(destination.AbsolutePath))
            return true;

        foreach (var endpoint in _bus.CheckHealth().Endpoints.Values)
        {
            if (endpoint.InputAddress.Scheme == InMemoryScheme && endpoint.InputAddress.AbsolutePath == destination.AbsolutePath)
                return _queues[destination.AbsolutePath] = true;
        }

        return false;
    }
}
