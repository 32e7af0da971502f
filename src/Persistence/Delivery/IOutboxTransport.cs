namespace IotBus.Persistence;

/// <summary>
/// Delivers what the outbox holds for destinations that the bus does not know: the topics of a rider. Register implementations as singletons; the first
/// that accepts a destination delivers to it, and the bus delivers the rest. Must be thread-safe. See also <see cref="IOutboxBulkTransport"/>.
/// </summary>
public interface IOutboxTransport
{
    /// <summary>Whether messages to this address are delivered here.</summary>
    bool Accepts(Uri destination);

    /// <summary>
    /// Whether this process can deliver to an address that it accepts, as things are now. While it cannot, it leaves the destination to other processes: takes no
    /// lease of it, and gives back the one that it has.
    /// </summary>
    bool Delivers(Uri destination) => true;

    /// <summary>
    /// Delivers one message. The task ends when the broker has it. Messages to one destination come one after the other, in order; one whose delivery failed
    /// comes again, and so may one that was delivered: its <see cref="OutboxMessage.MessageId"/> stays the same.
    /// </summary>
    Task SendAsync(OutboxMessage message, CancellationToken cancellationToken);
}
