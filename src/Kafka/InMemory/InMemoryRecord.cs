using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace IotBus.Kafka;

/// <summary>A message as it lies on a topic in memory.</summary>
public sealed class InMemoryRecord
{
    internal InMemoryRecord(string topic, int partition, long offset, Message<byte[], byte[]> message, DateTimeOffset timestamp)
    {
        (Topic, Partition, Offset, Timestamp) = (topic, partition, offset, timestamp);
        (Key, Value) = (message.Key, message.Value);

        // Whoever produced it may go on changing them.
        foreach (var header in message.Headers ?? [])
            Headers.Add(header.Key, header.GetValueBytes());
    }

    public string Topic { get; }

    public int Partition { get; }

    /// <summary>Its place in the partition, from 0.</summary>
    public long Offset { get; }

    /// <summary>Null where it has none.</summary>
    public byte[]? Key { get; }

    /// <summary>Null for a tombstone.</summary>
    public byte[]? Value { get; }

    public Headers Headers { get; } = [];

    /// <summary>UTC, milliseconds.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>The key as UTF-8 text.</summary>
    public string? KeyText => Key is null ? null : Encoding.UTF8.GetString(Key);

    /// <summary>The value as UTF-8 text.</summary>
    public string? ValueText => Value is null ? null : Encoding.UTF8.GetString(Value);

    /// <summary>A header as UTF-8 text, the last of its name; null where there is none.</summary>
    public string? Header(string name) => Headers.TryGetLastBytes(name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : null;

    /// <summary>The value as JSON, read with MassTransit's options unless others are given.</summary>
    /// <exception cref="JsonException">It is no JSON of a <typeparamref name="T"/>.</exception>
    public T? Json<T>(JsonSerializerOptions? options = null) =>
        Value is null ? default : JsonSerializer.Deserialize<T>(Value, options ?? SystemTextJsonMessageSerializer.Options);

    public override string ToString() => $"{Topic}[{Partition}] @{Offset} {KeyText}: {ValueText}";

    internal ConsumeResult<byte[], byte[]> ToResult()
    {
        Headers headers = [];
        foreach (var header in Headers)
            headers.Add(header.Key, header.GetValueBytes());

        return new ConsumeResult<byte[], byte[]>
        {
            Topic = Topic,
            Partition = Partition,
            Offset = Offset,
            Message = new Message<byte[], byte[]> { Key = Key!, Value = Value!, Headers = headers, Timestamp = new Timestamp(Timestamp) },
        };
    }
}
