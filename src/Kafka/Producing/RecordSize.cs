using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>How large a message counts, in bytes: its key, value and headers.</summary>
internal static class RecordSize
{
    public static long Of(Message<byte[], byte[]> message)
    {
        var size = (long)(message.Key?.Length ?? 0) + (message.Value?.Length ?? 0);
        if (message.Headers is { } headers)
        {
            for (var i = 0; i < headers.Count; i++)
                size += headers[i].Key.Length + (headers[i].GetValueBytes()?.Length ?? 0);
        }

        return size;
    }
}
