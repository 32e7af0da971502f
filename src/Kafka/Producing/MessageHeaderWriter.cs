using System.Text;
using Confluent.Kafka;
using MassTransit;
using Headers = Confluent.Kafka.Headers;

namespace IotBus.Kafka;

/// <summary>Makes the headers of messages for one topic. Thread-safe. What is the same for many messages is encoded once.</summary>
/// <param name="sourceAddress">The bus's address.</param>
/// <param name="destinationAddress">The topic's address.</param>
internal sealed class MessageHeaderWriter(Uri sourceAddress, Uri destinationAddress)
{
    private static readonly Header Json = Text(MessageHeaderNames.ContentType, "application/json");

    private readonly Header _source = Text(MessageHeaderNames.SourceAddress, sourceAddress.ToString());
    private readonly Header _destination = Text(MessageHeaderNames.DestinationAddress, destinationAddress.ToString());
    private TraceHeaders? _lastTrace;

    /// <summary>The header that tells a message's type.</summary>
    public static Header TypeHeader(Type type) => Text(MessageHeaderNames.MessageType, MessageUrn.ForTypeString(type));

    public Headers Write(Guid messageId, Guid? correlationId, Header type)
    {
        var id = GuidText.ToBytes(messageId);
        var headers = new Headers { new Header(MessageHeaderNames.MessageId, id) };
        if (correlationId is { } correlation)
            headers.Add(new Header(MessageHeaderNames.CorrelationId, correlation == messageId ? id : GuidText.ToBytes(correlation)));

        headers.Add(new Header(MessageHeaderNames.ConversationId, GuidText.ToBytes(NewId.NextGuid())));
        headers.Add(_source);
        headers.Add(_destination);
        headers.Add(Json);
        headers.Add(type);
        if (TraceHeaders.Current(_lastTrace) is { } trace)
            (_lastTrace = trace).AddTo(headers);

        return headers;
    }

    private static Header Text(string name, string value) => new(name, Encoding.UTF8.GetBytes(value));
}
