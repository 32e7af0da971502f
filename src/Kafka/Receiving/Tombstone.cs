namespace IotBus.Kafka;

/// <summary>
/// A message without a value: on a compacted topic, what was said of its key is void. Consumers of it get the null values of their endpoint's
/// topics; on an endpoint without such a consumer they are dead letters. The key is in the context:
/// <see cref="KafkaConsumeContextExtensions.GetKey{TKey}"/>.
/// </summary>
public sealed record Tombstone
{
    private Tombstone()
    {
    }

    internal static Tombstone Instance { get; } = new();
}
