using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Sends messages that cannot be applied to the dead-letter topic of their topic. Thread-safe.</summary>
internal sealed class DeadLetterProducer(KafkaRider rider, TopicEndpointDefinition endpoint)
{
    /// <summary>Returns once the dead letter is acknowledged.</summary>
    /// <exception cref="TopicProduceException">It is not.</exception>
    public async Task Produce(string topic, ConsumeResult<byte[], byte[]> result, string reason, Exception? exception)
    {
        var message = new Message<byte[], byte[]>
        {
            Key = result.Message.Key,
            Value = result.Message.Value,
            Headers = HeadersOf(topic, result, reason, exception),
        };
        await rider.Producer.Produce(endpoint.DeadLetterTopic(topic), message, guarded: false).ConfigureAwait(false);
        KafkaMetrics.DeadLettered(topic, reason);
    }

    private Headers HeadersOf(string topic, ConsumeResult<byte[], byte[]> result, string reason, Exception? exception)
    {
        Headers headers = [];
        foreach (var header in result.Message.Headers?.BackingList ?? [])
        {
            // Those of an earlier stay in a dead-letter topic, before a replay, give way to those of this one.
            if (!header.Key.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal))
                headers.Add(header);
        }

        Add(headers, DeadLetterHeaders.Reason, Bounded(reason));
        if (exception is not null)
        {
            var cause = exception is UndecodableException { InnerException: { } inner } ? inner : exception;
            Add(headers, DeadLetterHeaders.ExceptionType, Bounded(cause.GetType().FullName ?? cause.GetType().Name));
            Add(headers, DeadLetterHeaders.ExceptionMessage, Bounded(exception.Message));
        }

        Add(headers, DeadLetterHeaders.Topic, Encoding.UTF8.GetBytes(topic));
        Add(headers, DeadLetterHeaders.Partition, Number(result.Partition.Value));
        Add(headers, DeadLetterHeaders.Offset, Number(result.Offset.Value));
        Add(headers, DeadLetterHeaders.Timestamp, Encoding.UTF8.GetBytes(
            result.Message.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
        Add(headers, DeadLetterHeaders.Group, Encoding.UTF8.GetBytes(endpoint.Group));
        return headers;
    }

    private static void Add(Headers headers, string name, byte[] value) => headers.Add(name, value);

    private static byte[] Number(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Bounded(string text)
    {
        Span<byte> bytes = stackalloc byte[DeadLetterHeaders.MaxExceptionMessageBytes];

        // Fills the span with whole characters.
        Utf8.FromUtf16(text, bytes, out _, out var written);
        return bytes[..written].ToArray();
    }
}
