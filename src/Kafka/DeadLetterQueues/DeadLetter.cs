using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// A message in a dead-letter topic. What its headers do not tell, or not readably, is null: anyone may have put it there. Thread-safe; its
/// properties are read from the headers each time.
/// </summary>
public sealed class DeadLetter
{
    private readonly Message<byte[], byte[]> _message;

    internal DeadLetter(ConsumeResult<byte[], byte[]> result)
    {
        _message = result.Message;
        Place = new MessagePlace(result.Topic, result.Partition, result.Offset);
    }

    /// <summary>Where it lies in the dead-letter topic.</summary>
    public MessagePlace Place { get; }

    /// <summary>Where the message was consumed from.</summary>
    public MessagePlace? Origin
    {
        get
        {
            return Text(DeadLetterHeaders.Topic) is { } topic && TopicName.IsValid(topic)
                && int.TryParse(Text(DeadLetterHeaders.Partition), NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                && long.TryParse(Text(DeadLetterHeaders.Offset), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                    ? new MessagePlace(topic, partition, offset)
                    : null;
        }
    }

    /// <summary>The message's timestamp there; null also where it was no time of the years 1 to 9999.</summary>
    public DateTimeOffset? OriginTimestamp => Time(DeadLetterHeaders.Timestamp);

    /// <summary>When it was put aside; the dead letter's own timestamp where its header does not tell.</summary>
    public DateTimeOffset At => LastFailure ?? RecordTime();

    /// <summary>When it failed first.</summary>
    public DateTimeOffset? FirstFailure => Time(DeadLetterHeaders.FirstFailure);

    /// <summary>When it failed last.</summary>
    public DateTimeOffset? LastFailure => Time(DeadLetterHeaders.LastFailure);

    /// <summary>Why: one of <see cref="DeadLetterReasons"/>, or what the consumer said.</summary>
    public string? Reason => Text(DeadLetterHeaders.Reason);

    public string? ExceptionType => Text(DeadLetterHeaders.ExceptionType);

    public string? ExceptionMessage => Text(DeadLetterHeaders.ExceptionMessage);

    /// <summary>How often it was tried.</summary>
    public int? Attempts =>
        int.TryParse(Text(DeadLetterHeaders.Attempts), NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) ? attempts : null;

    /// <summary>The consumer's type.</summary>
    public string? Consumer => Text(DeadLetterHeaders.Consumer);

    /// <summary>The consumer's group.</summary>
    public string? Group => Text(DeadLetterHeaders.Group);

    /// <summary>What is missing because the dead letter was too large with it; see <see cref="DeadLetterHeaders.LeftOut"/>.</summary>
    public string? LeftOut => Text(DeadLetterHeaders.LeftOut);

    /// <summary>The message's identifier, from its header; a message that has none was given <see cref="MessageIds.Of"/> its origin.</summary>
    public Guid? MessageId
    {
        get
        {
            if (OwnMessageId is { } id)
                return id;

            return Origin is { } origin ? MessageIds.Of(origin.Topic, origin.Partition, origin.Offset) : null;
        }
    }

    /// <summary>The message's key, or the first of its bytes where the key itself was left out; null where it had none.</summary>
    public ReadOnlyMemory<byte>? Key => MemoryOf(_message.Key ?? Bytes(DeadLetterHeaders.Key));

    /// <summary>The message's value as it came; null where it had none, or where it was left out.</summary>
    public ReadOnlyMemory<byte>? Value => MemoryOf(_message.Value);

    /// <summary>The message's own headers, without <see cref="DeadLetterHeaders"/>, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> Headers =>
    [
        .. OwnHeaders().Select(header => new KeyValuePair<string, ReadOnlyMemory<byte>>(header.Key, header.GetValueBytes())),
    ];

    /// <summary>Why it cannot go back to its topic; null where it can.</summary>
    public string? NotReplayable
    {
        get
        {
            if (LeftOut is { } missing)
                return $"its {missing.Replace(",", ", ", StringComparison.Ordinal)} is missing, because it was too large";

            if (Origin is not { } origin)
                return "it does not say which topic it came from";

            // Kafka's own topics take no messages of an application.
            return origin.Topic.StartsWith("__", StringComparison.Ordinal) || origin.Topic == Place.Topic
                ? $"it says it came from {origin.Topic}"
                : null;
        }
    }

    /// <summary>
    /// Why it cannot go back to one of these topics. One that is not there would be made, by a broker that makes topics by itself, and nobody would
    /// read it.
    /// </summary>
    internal string? WhyNotInto(IReadOnlyDictionary<string, int> topics) =>
        NotReplayable ?? (topics.ContainsKey(Origin!.Value.Topic) ? null : $"there is no topic {Origin.Value.Topic} any more");

    internal IEnumerable<IHeader> OwnHeaders() =>
        (_message.Headers ?? []).Where(header => !header.Key.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal));

    /// <summary>The identifier in the message's header, read as the rider reads it; null where there is none, or none that can be read.</summary>
    internal Guid? OwnMessageId
    {
        get
        {
            var header = OwnHeaders().FirstOrDefault(header => header.Key == MessageHeaderNames.MessageId);
            return MessageIds.TryParse(header?.GetValueBytes(), out var id) ? id : null;
        }
    }

    internal byte[]? KeyBytes => _message.Key;

    internal byte[]? ValueBytes => _message.Value;

    internal int Size => (_message.Key?.Length ?? 0) + (_message.Value?.Length ?? 0);

    internal byte[]? Bytes(string header) =>
        _message.Headers is { } headers && headers.TryGetLastBytes(header, out var value) ? value : null;

    /// <summary>An array that is null would convert to memory that is empty.</summary>
    private static ReadOnlyMemory<byte>? MemoryOf(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes.AsMemory();

    private string? Text(string header) => Bytes(header) is { } value ? Encoding.UTF8.GetString(value) : null;

    private DateTimeOffset? Time(string header) => DateTimeOffset.TryParseExact(
        Text(header),
        "yyyy-MM-ddTHH:mm:ss.fffK",
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal,
        out var time)
            ? time
            : null;

    private DateTimeOffset RecordTime() => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
        _message.Timestamp.UnixTimestampMs,
        DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
        DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
