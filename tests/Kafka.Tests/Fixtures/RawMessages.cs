using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka.Tests;

/// <summary>What a message on a topic says, as text.</summary>
internal static class RawMessages
{
    public static Dictionary<string, string> Headers(this ConsumeResult<byte[], byte[]> message) =>
        message.Message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes()));

    public static string? Key(this ConsumeResult<byte[], byte[]> message) =>
        message.Message.Key is { } key ? Encoding.UTF8.GetString(key) : null;

    public static string? Value(this ConsumeResult<byte[], byte[]> message) =>
        message.Message.Value is { } value ? Encoding.UTF8.GetString(value) : null;
}
