namespace IotBus.Bus;

/// <summary>What carries the messages between the parts of a service, and between its replicas.</summary>
public enum BusTransportKind
{
    /// <summary>Queues in the process: each replica works through what it delivers itself.</summary>
    InMemory,

    /// <summary>Quorum queues of RabbitMQ, which the replicas share.</summary>
    RabbitMq,
}
