using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Turns what came from Kafka into messages. Thread-safe.</summary>
/// <param name="types">The types on the topics. If it is but one, a message that does not tell its type is of that one.</param>
/// <param name="jsonTypeMember">The JSON member that tells the type where the header does not.</param>
internal sealed class MessageDecoder<T>(MessageType<T>[] types, string jsonTypeMember) : IMessageReader<T>
    where T : class
{
    private readonly JsonTypeMember<T> _member = new(jsonTypeMember, types);
    private MessageType<T>? _last;

    public bool ReadsNull => false;

    /// <summary>Reads a message.</summary>
    /// <exception cref="UndecodableException">It cannot be read.</exception>
    public TopicMessage<T> Decode(string topic, ConsumeResult<byte[], byte[]> result)
    {
        try
        {
            return DecodeAny(topic, result);
        }
        catch (Exception exception) when (exception is not UndecodableException)
        {
            // JsonException as a rule. Half a surrogate pair in a name brings InvalidOperationException, and a converter or a constructor of
            // the application's may throw anything; but one message must never stop its partition.
            throw new UndecodableException(DeadLetterReasons.Malformed, exception.Message, exception);
        }
    }

    private TopicMessage<T> DecodeAny(string topic, ConsumeResult<byte[], byte[]> result)
    {
        var raw = result.Message;
        if (raw.Value is not { } value)
            throw new UndecodableException(DeadLetterReasons.NullValue, "The message has no value.");

        byte[]? messageId = null, urn = null;
        var headers = raw.Headers?.BackingList;
        for (var i = 0; i < (headers?.Count ?? 0); i++)
        {
            var header = headers![i];
            if (header.Key == MessageHeaderNames.MessageId)
                messageId ??= header.GetValueBytes();
            else if (header.Key == MessageHeaderNames.MessageType)
                urn ??= header.GetValueBytes();
        }

        var type = urn is null ? _member.Find(value) : ByUrn(urn);
        var message = type.Read(value)
            ?? throw new UndecodableException(DeadLetterReasons.NullValue, "The message is the JSON literal null.");
        var id = MessageIds.TryParse(messageId, out var given) ? given : MessageIds.Of(topic, result.Partition, result.Offset);
        return new TopicMessage<T>(message, id, result.Offset, MessageTimes.Of(result));
    }

    private MessageType<T> ByUrn(ReadOnlySpan<byte> urn)
    {
        // Runs of one type are the rule.
        var last = _last;
        if (last is not null && urn.SequenceEqual(last.Urn))
            return last;

        // MassTransit's envelopes name several types, most specific first; so may a header.
        foreach (var range in urn.Split((byte)';'))
        {
            foreach (var type in types)
            {
                if (urn[range].SequenceEqual(type.Urn))
                    return _last = type;
            }
        }

        throw new UndecodableException(
            DeadLetterReasons.UnknownType,
            $"The header {MessageHeaderNames.MessageType} names no type of this endpoint: {System.Text.Encoding.UTF8.GetString(urn[..Math.Min(urn.Length, 256)])}");
    }
}
