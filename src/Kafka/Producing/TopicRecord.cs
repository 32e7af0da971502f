using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>A message as it goes onto a topic.</summary>
/// <param name="Topic">Where it goes.</param>
/// <param name="Partition"><see cref="Confluent.Kafka.Partition.Any"/> when the key, or chance, decides.</param>
/// <param name="Key">Null for none.</param>
/// <param name="Value">Null for a tombstone.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record TopicRecord(string Topic, Partition Partition, byte[]? Key, byte[]? Value, Headers Headers)
{
    /// <summary>When it was made; when it is produced if that is null.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Of one that is for an endpoint's own consumers.</summary>
    public StoredOrigin? Origin { get; init; }

    public Message<byte[], byte[]> ToMessage() => new()
    {
        Key = Key!,
        Value = Value!,
        Headers = Headers,
        Timestamp = Time is { } time ? new Timestamp(time) : Timestamp.Default,
    };
}
