using System.Text;
using MassTransit;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace IotBus.Persistence;

/// <summary>A message that is in the outbox: to be delivered to its destination, now or when it is due. Immutable; thread-safe.</summary>
public sealed class OutboxMessage : OutboxMessageContext
{
    private static readonly IReadOnlyDictionary<string, object> NoProperties = new Dictionary<string, object>();

    private readonly Lazy<Headers> _headers;
    private readonly Lazy<IReadOnlyDictionary<string, object>> _properties;

    internal OutboxMessage()
    {
        _headers = new Lazy<Headers>(ReadHeaders);
        _properties = new Lazy<IReadOnlyDictionary<string, object>>(ReadProperties);
    }

    /// <summary>What the outbox knows it by.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it goes.</summary>
    public required Uri DestinationAddress { get; init; }

    /// <summary>When it is to be delivered (UTC); null if at once.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Its place among the messages to its destination: rising within a process, and by the clock between processes.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>What a scheduled message is cancelled by.</summary>
    public Guid? Token { get; init; }

    public required Guid MessageId { get; init; }

    public Guid? ConversationId { get; init; }

    public Guid? CorrelationId { get; init; }

    public Guid? InitiatorId { get; init; }

    public Guid? RequestId { get; init; }

    public Uri? SourceAddress { get; init; }

    public Uri? ResponseAddress { get; init; }

    public Uri? FaultAddress { get; init; }

    /// <summary>When it was sent (UTC).</summary>
    public required DateTimeOffset SentTime { get; init; }

    /// <summary>When it is of no use any more (UTC): it is not delivered after that.</summary>
    public DateTimeOffset? ExpirationTime { get; init; }

    public required string ContentType { get; init; }

    /// <summary>The URNs of the types that it can be read as, with semicolons between them.</summary>
    public required string MessageType { get; init; }

    /// <summary>What the serializer wrote: for a message of the bus its envelope, for one of a rider what goes onto the topic.</summary>
    public required ReadOnlyMemory<byte> BodyBytes { get; init; }

    /// <summary>The body as text; base64 if it is not UTF-8.</summary>
    public string Body => IsText ? Encoding.UTF8.GetString(BodyBytes.Span) : Convert.ToBase64String(BodyBytes.Span);

    /// <summary>The headers that were set on it.</summary>
    public Headers Headers => _headers.Value;

    /// <summary>What the transport's send context said of itself: routing key, partition and the like.</summary>
    public IReadOnlyDictionary<string, object> Properties => _properties.Value;

    Guid? MessageContext.MessageId => MessageId;

    // What was scheduled is as old as its due time to whoever receives it: a topic must not drop it for its age.
    DateTime? MessageContext.SentTime => (Due ?? SentTime).UtcDateTime;

    DateTime? MessageContext.ExpirationTime => ExpirationTime?.UtcDateTime;

    HostInfo MessageContext.Host => HostMetadataCache.Host;

    internal bool IsText { get; init; }

    /// <summary>The headers as JSON; null if there are none.</summary>
    internal string? HeadersJson { get; init; }

    internal string? PropertiesJson { get; init; }

    private Headers ReadHeaders() =>
        ReadDictionary<object?>(HeadersJson) is { } headers ? new DictionarySendHeaders(headers) : EmptyHeaders.Instance;

    private IReadOnlyDictionary<string, object> ReadProperties() => ReadDictionary<object>(PropertiesJson) ?? NoProperties;

    private static Dictionary<string, T>? ReadDictionary<T>(string? json) =>
        json is null ? null : SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<T>(json);
}
