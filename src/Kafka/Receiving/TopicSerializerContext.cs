using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Metadata;
using MassTransit.Serialization;
using MassTransit.Util;

namespace IotBus.Kafka;

/// <summary>What MassTransit asks about a message beside its content: identifiers and addresses from its headers, and how to send it on.</summary>
internal sealed class TopicSerializerContext(TopicReceiveContext context) : SerializerContext
{
    private static readonly SystemTextJsonMessageSerializer Serializer = SystemTextJsonMessageSerializer.Instance;

    public string[] SupportedMessageTypes => MessageTypeCache.GetMessageTypeNames(context.Message.GetType());

    public Guid? MessageId => context.MessageId;

    public Guid? RequestId => context.Headers.FindGuid(MessageHeaders.RequestId);

    public Guid? CorrelationId => context.Headers.FindGuid(MessageHeaderNames.CorrelationId);

    public Guid? ConversationId => context.Headers.FindGuid(MessageHeaderNames.ConversationId);

    public Guid? InitiatorId => context.Headers.FindGuid(MessageHeaderNames.InitiatorId);

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => context.Headers.FindUri(MessageHeaderNames.SourceAddress);

    public Uri? DestinationAddress => context.InputAddress;

    public Uri? ResponseAddress => context.Headers.FindUri(MessageHeaders.ResponseAddress);

    public Uri? FaultAddress => context.Headers.FindUri(MessageHeaders.FaultAddress);

    public DateTime? SentTime => context.CheckpointUtcDateTime;

    public Headers Headers => context.TransportHeaders;

    public HostInfo Host => HostMetadataCache.Empty;

    public bool IsSupportedMessageType<T>()
        where T : class => context.Message is T;

    public bool IsSupportedMessageType(Type messageType) => messageType.IsInstanceOfType(context.Message);

    public bool TryGetMessage<T>(out T? message)
        where T : class
    {
        message = context.Message as T;
        return message is not null;
    }

    public bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        message = messageType.IsInstanceOfType(context.Message) ? context.Message : null;
        return message is not null;
    }

    /// <summary>Sends it on to a queue of the bus as any other message: in an envelope.</summary>
    public IMessageSerializer GetMessageSerializer() => GetMessageSerializer(context.Message, SupportedMessageTypes);

    public IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message)
        where T : class
    {
        var serializer = new SystemTextJsonBodyMessageSerializer(
            envelope, SystemTextJsonMessageSerializer.JsonContentType, SystemTextJsonMessageSerializer.Options);
        serializer.Overlay(message);
        return serializer;
    }

    public IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) => new SystemTextJsonBodyMessageSerializer(
        new JsonMessageEnvelope(this, message, messageTypes),
        SystemTextJsonMessageSerializer.JsonContentType,
        SystemTextJsonMessageSerializer.Options);

    public Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => ConvertObject.ToDictionary(message!);

    public T? DeserializeObject<T>(object? value, T? defaultValue = null)
        where T : class => Serializer.DeserializeObject(value, defaultValue);

    public T? DeserializeObject<T>(object? value, T? defaultValue = null)
        where T : struct => Serializer.DeserializeObject(value, defaultValue);

    public MessageBody SerializeObject(object? value) => Serializer.SerializeObject(value);
}
