using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using MassTransit;
using Headers = Confluent.Kafka.Headers;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class DictionaryHeadersSerializer : IHeadersSerializer
{
    public Headers Serialize(SendContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Headers headers = [];
        foreach (var header in context.Headers)
        {
            if (header.Value is not null && MayBeSet(header.Key))
                headers.Add(header.Key, header.IsStringValue(out var text) ? Encoding.UTF8.GetBytes(text.Value) : Json(header.Value));
        }

        Add(headers, MessageHeaderNames.MessageId, context.MessageId);
        Add(headers, MessageHeaderNames.CorrelationId, context.CorrelationId);
        Add(headers, MessageHeaderNames.ConversationId, context.ConversationId);
        Add(headers, MessageHeaderNames.InitiatorId, context.InitiatorId);
        Add(headers, MessageHeaderNames.DestinationAddress, context.DestinationAddress?.ToString());
        Add(headers, MessageHeaderNames.SourceAddress, context.SourceAddress?.ToString());
        Add(headers, MessageHeaderNames.ContentType, context.ContentType?.ToString());
        Add(headers, MessageHeaderNames.MessageType, context.SupportedMessageTypes is [{ Length: > 0 } type, ..] ? type : null);
        TraceHeaders.Current()?.ReplaceIn(headers);
        return headers;
    }

    /// <summary>
    /// What was consumed hands its headers on to what it brings about. What has a place of its own in the context is not among them, and neither are a
    /// host's and a fault's particulars, but the fault's message.
    /// </summary>
    private static bool MayBeSet(string name) =>
        !MessageHeaderNames.IsReserved(name)
        && !name.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal)
        && !name.StartsWith("MT-Host-", StringComparison.Ordinal)
        && (!name.StartsWith("MT-Fault-", StringComparison.Ordinal) || name is MessageHeaders.FaultMessage or MessageHeaders.FaultInputAddress);

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), CompactJson.Options);

    private static void Add(Headers headers, string name, Guid? value)
    {
        if (value is { } guid)
            headers.Add(name, GuidText.ToBytes(guid));
    }

    private static void Add(Headers headers, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            headers.Add(name, Encoding.UTF8.GetBytes(value));
    }
}
