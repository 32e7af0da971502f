namespace IotBus.Kafka;

/// <summary>The names of the headers a message carries. The first eight are those of MassTransit's own Kafka rider.</summary>
public static class MessageHeaderNames
{
    public const string MessageId = "MessageId";
    public const string CorrelationId = "CorrelationId";
    public const string ConversationId = "ConversationId";
    public const string InitiatorId = "InitiatorId";
    public const string SourceAddress = "SourceAddress";
    public const string DestinationAddress = "DestinationAddress";
    public const string ContentType = "Content-Type";

    /// <summary>The identifier of the activity that produced the message, as MassTransit reads it.</summary>
    public const string ActivityId = "MT-Activity-Id";

    /// <summary>The message's type as a URN, <c>urn:message:Namespace:Type</c>.</summary>
    public const string MessageType = "MT-MessageType";

    /// <summary>W3C Trace Context, <see href="https://www.w3.org/TR/trace-context/"/>.</summary>
    public const string TraceParent = "traceparent";

    /// <inheritdoc cref="TraceParent"/>
    public const string TraceState = "tracestate";

    /// <summary>Whether a name is one that tells of the message itself; those of a trace may be handed on.</summary>
    internal static bool IsReserved(string name) =>
        name is MessageId or CorrelationId or ConversationId or InitiatorId or SourceAddress or DestinationAddress or ContentType or MessageType;
}
