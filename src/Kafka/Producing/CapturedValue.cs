using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace IotBus.Kafka;

/// <summary>The value of a record that is captured, as the serializer that an outbox asks for the body. A tombstone's body is empty.</summary>
internal sealed class CapturedValue(byte[]? value, ContentType? contentType) : IMessageSerializer
{
    public ContentType ContentType { get; } = contentType ?? SystemTextJsonRawMessageSerializer.JsonContentType;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new BytesMessageBody(value ?? []);
}
