using MassTransit;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Kafka.Tests;

/// <summary>What an outbox stored of a message.</summary>
internal sealed record StoredMessage : OutboxMessageContext
{
    public required Guid MessageId { get; init; }

    public required Uri? DestinationAddress { get; init; }

    public DateTime? SentTime { get; init; }

    public required string ContentType { get; init; }

    public required string Body { get; init; }

    public required string PropertiesText { get; init; }

    public long SequenceNumber => 1;

    public string MessageType => "";

    public IReadOnlyDictionary<string, object> Properties =>
        SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<object>(PropertiesText) ?? [];

    Guid? MessageContext.MessageId => MessageId;

    Guid? MessageContext.RequestId => null;

    Guid? MessageContext.CorrelationId => null;

    Guid? MessageContext.ConversationId => null;

    Guid? MessageContext.InitiatorId => null;

    DateTime? MessageContext.ExpirationTime => null;

    Uri? MessageContext.SourceAddress => null;

    Uri? MessageContext.ResponseAddress => null;

    Uri? MessageContext.FaultAddress => null;

    Headers MessageContext.Headers => EmptyHeaders.Instance;

    HostInfo MessageContext.Host => HostMetadataCache.Host;
}
