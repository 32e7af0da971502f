namespace IotBus.Kafka;

/// <summary>How Kafka in memory behaves.</summary>
public sealed class InMemoryKafkaOptions
{
    /// <summary>
    /// How many partitions a topic has that is made because it is produced to, consumed or looked at, 1–1,000; 1 by default. With more, only the messages of
    /// one key are in order, as in production.
    /// </summary>
    public int PartitionsPerTopic { get; set; } = 1;

    /// <summary>How long <see cref="InMemoryKafka.WhenConsumedAsync"/> waits unless it is told, above zero; 10 s by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    internal void Validate()
    {
        if (PartitionsPerTopic is < 1 or > InMemoryTopic.MostPartitions)
            throw new ArgumentException($"{nameof(PartitionsPerTopic)} is {PartitionsPerTopic}: set it between 1 and {InMemoryTopic.MostPartitions:N0}.");

        if (Timeout <= TimeSpan.Zero)
            throw new ArgumentException($"{nameof(Timeout)} is {Timeout}: set it above zero.");
    }
}
