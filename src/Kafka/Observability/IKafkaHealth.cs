namespace IotBus.Kafka;

/// <summary>Tells whether Kafka answers. Registered with the rider. Thread-safe.</summary>
public interface IKafkaHealth
{
    /// <summary>Asks the cluster to describe itself, and returns when it has answered: at most 3 s later.</summary>
    /// <exception cref="KafkaUnavailableException">It did not answer, or the bus is not started.</exception>
    Task CheckAsync(CancellationToken cancellationToken = default);
}
