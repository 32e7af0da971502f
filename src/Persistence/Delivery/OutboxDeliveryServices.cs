namespace IotBus.Persistence;

/// <summary>What delivering needs.</summary>
internal sealed class OutboxDeliveryServices(
    OutboxCollection outbox,
    LeaseCollection leases,
    ProcessCollection processes,
    OutboxTransports transports,
    BusTransport bus,
    MongoDbOutboxOptions options,
    OutboxMetrics metrics,
    TimeProvider time)
{
    public OutboxCollection Outbox => outbox;

    public LeaseCollection Leases => leases;

    public ProcessCollection Processes => processes;

    public MongoDbOutboxOptions Options => options;

    public OutboxMetrics Metrics => metrics;

    public TimeProvider Time => time;

    /// <summary>Whether this process can deliver to a destination now.</summary>
    public bool Delivers(string destination) => new Uri(destination) is var address && TransportFor(address).Delivers(address);

    public IOutboxTransport TransportFor(Uri destination) => transports.Find(destination) ?? bus;
}
