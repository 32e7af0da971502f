namespace IotBus.Kafka;

/// <summary>Why a message was not acknowledged.</summary>
public enum ProduceFailure
{
    /// <summary>The producer's queue is full: the message was not taken.</summary>
    QueueFull,

    /// <summary>The broker did not acknowledge in time. The message may have been written.</summary>
    NotAcknowledged,

    /// <summary>The partition's backlog is near what the broker keeps: the message was not taken. Embedded broker only.</summary>
    BacklogFull,

    /// <summary>The message itself was refused: too large, or not allowed. Sending it again does not help.</summary>
    Refused,
}
