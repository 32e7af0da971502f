namespace IotBus.Kafka;

/// <summary>What becomes of a message that failed for good: after the retries of its consumers, or because it could not be read.</summary>
public enum FailurePolicy
{
    /// <summary>It goes to the dead-letter topic with the reason, and the messages behind it go on. The default.</summary>
    DeadLetter,

    /// <summary>
    /// Its partition stops before it, says so in the log, the metrics and the health, and goes on with it after the next start or rebalance.
    /// Other partitions go on.
    /// </summary>
    StopPartition,

    /// <summary>It is passed over. Only the log and the metric <c>iotbus_skipped_messages_total</c> tell of it.</summary>
    Skip,
}
