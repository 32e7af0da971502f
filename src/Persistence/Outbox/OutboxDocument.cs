using System.Buffers;
using System.Text;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>A message of the outbox as a document: docs/collections.md.</summary>
internal static class OutboxDocument
{
    /// <summary>The due time of what is due at once: before any clock, also one that was set back.</summary>
    public static readonly DateTimeOffset AtOnce = DateTimeOffset.UnixEpoch;

    /// <param name="writer">Where the fields go.</param>
    /// <param name="message">The message.</param>
    /// <param name="callsOthers">Its process does not deliver: those that do are to hear of it from the collection.</param>
    public static void Write(BsonWriter writer, OutboxMessage message, bool callsOthers)
    {
        writer.WriteGuid("_id"u8, message.Id);
        writer.WriteString("destination"u8, message.DestinationAddress.OriginalString);
        writer.WriteDateTime("due"u8, message.Due ?? AtOnce);
        writer.WriteInt64("order"u8, message.SequenceNumber);
        if (callsOthers)
            writer.WriteBoolean("calls"u8, true);

        WriteGuid(writer, "token"u8, message.Token);
        writer.WriteGuid("message"u8, message.MessageId);
        WriteGuid(writer, "conversation"u8, message.ConversationId);
        WriteGuid(writer, "correlation"u8, message.CorrelationId);
        WriteGuid(writer, "initiator"u8, message.InitiatorId);
        WriteGuid(writer, "request"u8, message.RequestId);
        WriteText(writer, "source"u8, message.SourceAddress?.OriginalString);
        WriteText(writer, "response"u8, message.ResponseAddress?.OriginalString);
        WriteText(writer, "fault"u8, message.FaultAddress?.OriginalString);
        writer.WriteDateTime("sent"u8, message.SentTime);
        if (message.ExpirationTime is { } expires)
            writer.WriteDateTime("expires"u8, expires);

        writer.WriteString("content_type"u8, message.ContentType);
        writer.WriteString("types"u8, message.MessageType);
        WriteText(writer, "headers"u8, message.HeadersJson);
        WriteText(writer, "properties"u8, message.PropertiesJson);
        if (message.IsText)
            writer.WriteString("body"u8, message.BodyBytes.Span);
        else
            writer.WriteBinary("body"u8, message.BodyBytes.Span);
    }

    public static OutboxMessage Read(BsonDocument document)
    {
        var due = document.GetDateTime("due"u8);
        var body = document["body"u8];
        var isText = body.Type is BsonType.String;
        return new OutboxMessage
        {
            Id = document.GetGuid("_id"u8),
            DestinationAddress = new Uri(document.GetString("destination"u8)),
            Due = due == AtOnce ? null : due,
            SequenceNumber = document.GetInt64("order"u8),
            Token = ReadGuid(document, "token"u8),
            MessageId = document.GetGuid("message"u8),
            ConversationId = ReadGuid(document, "conversation"u8),
            CorrelationId = ReadGuid(document, "correlation"u8),
            InitiatorId = ReadGuid(document, "initiator"u8),
            RequestId = ReadGuid(document, "request"u8),
            SourceAddress = ReadUri(document, "source"u8),
            ResponseAddress = ReadUri(document, "response"u8),
            FaultAddress = ReadUri(document, "fault"u8),
            SentTime = document.GetDateTime("sent"u8),
            ExpirationTime = document.TryGetDateTime("expires"u8, out var expires) ? expires : null,
            ContentType = document.GetString("content_type"u8),
            MessageType = document.GetString("types"u8),
            HeadersJson = document.TryGetString("headers"u8, out var headers) ? headers : null,
            PropertiesJson = document.TryGetString("properties"u8, out var properties) ? properties : null,
            IsText = isText,

            // A string's length and final NUL, or a binary's length and subtype, are not part of it.
            BodyBytes = isText ? body.Data[4..^1] : body.Data[5..],
        };
    }

    private static void WriteGuid(BsonWriter writer, BsonName name, Guid? value)
    {
        if (value is { } guid)
            writer.WriteGuid(name, guid);
    }

    private static void WriteText(BsonWriter writer, BsonName name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static Guid? ReadGuid(BsonDocument document, BsonName name) => document.TryGetGuid(name, out var value) ? value : null;

    private static Uri? ReadUri(BsonDocument document, BsonName name) => document.TryGetString(name, out var value) ? new Uri(value) : null;
}
