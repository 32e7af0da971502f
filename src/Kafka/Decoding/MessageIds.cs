using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>The identifiers of messages.</summary>
public static class MessageIds
{
    private static readonly byte[] Namespace = "iotbus:kafka:"u8.ToArray();

    /// <summary>
    /// The identifier of a message that has none in its headers, the same at every delivery: a UUID of version 8 (RFC 9562), made of the
    /// first 16 bytes of the SHA-256 of <c>iotbus:kafka:</c>, the topic's name in UTF-8, a zero byte, the partition (4 bytes, big-endian)
    /// and the offset (8 bytes, big-endian).
    /// </summary>
    public static Guid Of(string topic, int partition, long offset)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var topicLength = Encoding.UTF8.GetByteCount(topic);
        Span<byte> name = stackalloc byte[Namespace.Length + topicLength + 1 + sizeof(int) + sizeof(long)];
        Namespace.CopyTo(name);
        Encoding.UTF8.GetBytes(topic, name[Namespace.Length..]);
        var rest = name[(Namespace.Length + topicLength)..];
        rest[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(rest[1..], partition);
        BinaryPrimitives.WriteInt64BigEndian(rest[(1 + sizeof(int))..], offset);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>A message's identifier: the header's, or the one made of where it stands.</summary>
    internal static Guid In(ConsumeResult<byte[], byte[]> result)
    {
        foreach (var header in result.Message.Headers?.BackingList ?? [])
        {
            if (header.Key == MessageHeaderNames.MessageId)
                return TryParse(header.GetValueBytes(), out var given) ? given : Of(result.Topic, result.Partition, result.Offset);
        }

        return Of(result.Topic, result.Partition, result.Offset);
    }

    /// <summary>Reads the header: 36 characters with hyphens, any case. Anything else counts as missing.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> header, out Guid id) =>
        Utf8Parser.TryParse(header, out id, out var consumed) && consumed == header.Length;
}
