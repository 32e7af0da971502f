namespace IotBus.Kafka;

/// <summary>A topic as it shall be.</summary>
/// <param name="Name">1–249 letters, digits, dots, hyphens or underscores.</param>
/// <param name="Partitions">How many partitions, at least 1.</param>
public sealed record TopicDefinition(string Name, int Partitions)
{
    /// <summary>How many brokers keep each partition; the broker's default when null.</summary>
    public short? Replication { get; init; }

    /// <summary>Kafka's topic configuration, such as <c>retention.ms</c>. The embedded broker has none and ignores it.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();
}
