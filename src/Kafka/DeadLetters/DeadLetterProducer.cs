using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Sends messages that cannot be applied to the dead-letter topic of their topic. Thread-safe.</summary>
internal sealed class DeadLetterProducer(KafkaRider rider, TopicEndpointDefinition endpoint)
{
    private readonly DeadLetterLog _log = new(rider.Loggers.CreateLogger<DeadLetterProducer>(), endpoint.Name);

    /// <summary>
    /// Returns once the dead letter is acknowledged. One that is too large as it came goes without its value, then also without its key and its
    /// own headers: where it came from still tells where it is, and it must not hold up its partition.
    /// </summary>
    /// <exception cref="TopicProduceException">It is not acknowledged.</exception>
    public async Task Produce(string topic, ConsumeResult<byte[], byte[]> result, MessageFailure failure)
    {
        var destination = endpoint.DeadLetterTopic(topic);
        var (own, ours) = (OwnHeaders(result), HeadersOf(topic, result, failure));
        var message = new Message<byte[], byte[]> { Key = result.Message.Key, Value = result.Message.Value, Headers = Together(own, ours) };
        if (!await TryProduce(destination, message).ConfigureAwait(false))
        {
            message = new() { Key = message.Key, Headers = Together(own, ours, LeftOut("value", result)) };
            if (!await TryProduce(destination, message).ConfigureAwait(false))
            {
                message = new() { Headers = Together(ours, LeftOut("value,headers,key", result)) };
                await rider.Producer.Produce(destination, message, deadLetter: true).ConfigureAwait(false);
            }
        }

        KafkaMetrics.DeadLettered(topic, failure.Reason);
        _log.Write(topic, result, destination, failure.Reason, failure.Exception);
    }

    /// <summary>False when it is too large, for the client or for the broker.</summary>
    private async Task<bool> TryProduce(string topic, Message<byte[], byte[]> message)
    {
        try
        {
            await rider.Producer.Produce(topic, message, deadLetter: true).ConfigureAwait(false);
            return true;
        }
        catch (TopicProduceException exception) when (exception.Failure == ProduceFailure.Refused && IsTooLarge(exception.InnerException))
        {
            return false;
        }
    }

    private static bool IsTooLarge(Exception? exception) => exception is KafkaException
    {
        Error.Code: ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge or ErrorCode.InvalidRecord
            or ErrorCode.InvalidMsg or ErrorCode.PolicyViolation,
    };

    private static Headers LeftOut(string what, ConsumeResult<byte[], byte[]> result)
    {
        Headers headers = [];
        Add(headers, DeadLetterHeaders.LeftOut, Encoding.UTF8.GetBytes(what));
        Add(headers, DeadLetterHeaders.ValueLength, Number(result.Message.Value?.Length ?? 0));
        return headers;
    }

    /// <summary>Those of an earlier stay in a dead-letter topic, before a replay, give way to those of this one.</summary>
    private static IEnumerable<IHeader> OwnHeaders(ConsumeResult<byte[], byte[]> result) =>
        (result.Message.Headers ?? []).Where(header => !header.Key.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal));

    private Headers HeadersOf(string topic, ConsumeResult<byte[], byte[]> result, MessageFailure failure)
    {
        Headers headers = [];
        Add(headers, DeadLetterHeaders.Reason, Bounded(failure.Reason));
        if (failure.Exception is { } exception)
        {
            var cause = exception is UndecodableException { InnerException: { } inner } ? inner : exception;
            Add(headers, DeadLetterHeaders.ExceptionType, Bounded(cause.GetType().FullName ?? cause.GetType().Name));
            Add(headers, DeadLetterHeaders.ExceptionMessage, Bounded(exception.Message));
        }

        Add(headers, DeadLetterHeaders.Topic, Encoding.UTF8.GetBytes(topic));
        Add(headers, DeadLetterHeaders.Partition, Number(result.Partition.Value));
        Add(headers, DeadLetterHeaders.Offset, Number(result.Offset.Value));
        Add(headers, DeadLetterHeaders.Timestamp, Time(result.Message.Timestamp.UnixTimestampMs));
        if (result.Message.Key is { } key)
            Add(headers, DeadLetterHeaders.Key, key.Length <= DeadLetterHeaders.MaxKeyBytes ? key : key[..DeadLetterHeaders.MaxKeyBytes]);

        Add(headers, DeadLetterHeaders.Group, Encoding.UTF8.GetBytes(endpoint.Group));
        if (failure.Consumer is { } consumer)
            Add(headers, DeadLetterHeaders.Consumer, Bounded(consumer));

        Add(headers, DeadLetterHeaders.Attempts, Number(failure.Attempts));
        Add(headers, DeadLetterHeaders.FirstFailure, Time(failure.First.ToUnixTimeMilliseconds()));
        Add(headers, DeadLetterHeaders.LastFailure, Time(failure.Last.ToUnixTimeMilliseconds()));
        return headers;
    }

    private static Headers Together(params ReadOnlySpan<IEnumerable<IHeader>> parts)
    {
        Headers headers = [];
        foreach (var part in parts)
        {
            foreach (var header in part)
                headers.Add(header.Key, header.GetValueBytes());
        }

        return headers;
    }

    private static void Add(Headers headers, string name, byte[] value) => headers.Add(name, value);

    private static byte[] Time(long milliseconds) => Encoding.UTF8.GetBytes(
        milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)
            : milliseconds.ToString(CultureInfo.InvariantCulture));

    private static byte[] Number(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Bounded(string text)
    {
        Span<byte> bytes = stackalloc byte[DeadLetterHeaders.MaxExceptionMessageBytes];

        // Fills the span with whole characters.
        Utf8.FromUtf16(text, bytes, out _, out var written);
        return bytes[..written].ToArray();
    }
}
