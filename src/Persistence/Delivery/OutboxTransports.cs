namespace IotBus.Persistence;

/// <summary>The transports of riders. Thread-safe.</summary>
internal sealed class OutboxTransports(IEnumerable<IOutboxTransport> transports)
{
    private readonly IOutboxTransport[] _transports = [.. transports];

    /// <summary>Who delivers to an address; null if the bus does.</summary>
    public IOutboxTransport? Find(Uri destination) => Array.Find(_transports, transport => transport.Accepts(destination));
}
