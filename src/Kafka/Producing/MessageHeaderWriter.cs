using MassTransit;

namespace IotBus.Kafka;

/// <summary>Writes the headers of messages for one topic. Thread-safe. What is the same for many messages is encoded once.</summary>
/// <param name="sourceAddress">The bus's address.</param>
/// <param name="destinationAddress">The topic's address.</param>
internal sealed class MessageHeaderWriter(Uri sourceAddress, Uri destinationAddress)
{
    private static readonly PinnedText MessageIdName = new(MessageHeaderNames.MessageId);
    private static readonly PinnedText CorrelationIdName = new(MessageHeaderNames.CorrelationId);
    private static readonly PinnedText ConversationIdName = new(MessageHeaderNames.ConversationId);
    private static readonly PinnedText SourceAddressName = new(MessageHeaderNames.SourceAddress);
    private static readonly PinnedText DestinationAddressName = new(MessageHeaderNames.DestinationAddress);
    private static readonly PinnedText ContentTypeName = new(MessageHeaderNames.ContentType);
    private static readonly PinnedText MessageTypeName = new(MessageHeaderNames.MessageType);
    private static readonly PinnedText Json = new("application/json");

    private readonly PinnedText _source = new(sourceAddress.ToString());
    private readonly PinnedText _destination = new(destinationAddress.ToString());
    private TraceHeaders? _lastTrace;

    /// <param name="record">Where to.</param>
    /// <param name="messageId">The message's identifier.</param>
    /// <param name="correlationId">Null for none.</param>
    /// <param name="type">The URN of the message's type.</param>
    public void Write(RecordBuffer record, Guid messageId, Guid? correlationId, PinnedText type)
    {
        record.Add(MessageIdName, messageId);
        if (correlationId is { } correlation)
            record.Add(CorrelationIdName, correlation);

        record.Add(ConversationIdName, NewId.NextGuid());
        record.Add(SourceAddressName, _source);
        record.Add(DestinationAddressName, _destination);
        record.Add(ContentTypeName, Json);
        record.Add(MessageTypeName, type);
        if (TraceHeaders.Current(_lastTrace) is { } trace)
            (_lastTrace = trace).AddTo(record);
    }
}
