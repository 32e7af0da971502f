using System.Text.Unicode;
using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;

namespace IotBus.Persistence;

/// <summary>Makes what is stored out of what MassTransit is about to send.</summary>
internal sealed class OutboxMessages(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last;

    /// <exception cref="MessageException">It has no identifier or no destination.</exception>
    public OutboxMessage Create<T>(SendContext<T> context)
        where T : class
    {
        var now = time.GetUtcNow();

        // The outbox waits, and not also the transport, which would take the delay from the properties.
        DateTimeOffset? due = context.Delay is { } delay && delay > TimeSpan.Zero ? now + delay : null;
        context.Delay = null;

        // It lives from when it is due; what is in the body says the same.
        if (due is not null && context.TimeToLive is { } fromDue)
            context.TimeToLive = due - now + fromDue;

        var body = context.Serializer.GetMessageBody(context).GetBytes();
        return new OutboxMessage
        {
            Id = NewId.NextGuid(),
            DestinationAddress = context.DestinationAddress ?? throw new MessageException(typeof(T), "It has no destination."),
            Due = due,
            SequenceNumber = NextNumber(now),
            Token = context.ScheduledMessageId,
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "It has no MessageId."),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            RequestId = context.RequestId,
            SourceAddress = context.SourceAddress,
            ResponseAddress = context.ResponseAddress,
            FaultAddress = context.FaultAddress,
            SentTime = context.SentTime is { } sent ? new DateTimeOffset(sent.ToUniversalTime()) : now,
            ExpirationTime = context.TimeToLive is { } life ? now + life : null,
            ContentType = (context.ContentType ?? context.Serialization.DefaultContentType).ToString(),
            MessageType = string.Join(';', context.SupportedMessageTypes),
            BodyBytes = body,
            IsText = Utf8.IsValid(body),
            HeadersJson = WriteDictionary(context.Headers.GetAll()),
            PropertiesJson = context is TransportSendContext transport ? WriteProperties(transport) : null,
        };
    }

    /// <summary>Rising, also when the clock is set back; of the clock's size, so that what another process sent earlier comes earlier.</summary>
    private long NextNumber(DateTimeOffset now)
    {
        lock (_lock)
            return _last = Math.Max(_last + 1, now.UtcTicks);
    }

    private static string? WriteProperties(TransportSendContext context)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        context.WritePropertiesTo(properties);
        return WriteDictionary(properties);
    }

    private static string? WriteDictionary(IEnumerable<KeyValuePair<string, object>> values)
    {
        var text = SystemTextJsonMessageSerializer.Instance.SerializeDictionary(values);
        return string.IsNullOrEmpty(text) || text == "{}" ? null : text;
    }
}
