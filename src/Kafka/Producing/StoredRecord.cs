using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using MassTransit.Middleware;
using Partition = Confluent.Kafka.Partition;

namespace IotBus.Kafka;

/// <summary>
/// A record among the properties of a message that an outbox stores: all of it but the value, which is the body. Every property is text, so that
/// whatever stores them gives back the same.
/// </summary>
internal static class StoredRecord
{
    private const string HeadersName = "Kafka-Headers";
    private const string KeyName = "Kafka-Key";
    private const string PartitionName = "Kafka-Partition";

    // A body is text to MassTransit's outboxes: other bytes, and none at all, are told here.
    private const string ValueName = "Kafka-Value";
    private const string NoValue = "-";

    public static void WriteTo(IDictionary<string, object> properties, TopicRecord record)
    {
        properties[HeadersName] = WriteHeaders(record.Headers);
        if (record.Key is not null)
            properties[KeyName] = Convert.ToBase64String(record.Key);

        if (record.Partition != Partition.Any)
            properties[PartitionName] = record.Partition.Value.ToString(CultureInfo.InvariantCulture);

        if (record.Value is null)
            properties[ValueName] = NoValue;
        else if (!Utf8.IsValid(record.Value))
            properties[ValueName] = Convert.ToBase64String(record.Value);
    }

    /// <summary>The key, as text that is equal for equal keys; null for none.</summary>
    public static string? KeyOf(OutboxMessageContext message) => Text(message, KeyName);

    /// <exception cref="ArgumentException">No producer of a Kafka rider made it, or its properties were not kept.</exception>
    public static TopicRecord Read(OutboxMessageContext message, string topic)
    {
        try
        {
            var headers = Text(message, HeadersName) ?? throw new FormatException($"It has no property {HeadersName}.");
            var partition = Text(message, PartitionName) is { } number ? int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) : (Partition?)null;
            return new TopicRecord(
                topic,
                partition ?? Partition.Any,
                Text(message, KeyName) is { } key ? Convert.FromBase64String(key) : null,
                ReadValue(message),
                ReadHeaders(headers))
            {
                Time = message.SentTime is { } sent ? new DateTimeOffset(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : null,
            };
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new ArgumentException(
                $"The stored message {message.MessageId} for {message.DestinationAddress} is none of a Kafka producer, or lost what the producer wrote "
                + $"into its Properties, which an outbox must keep: {exception.Message}",
                nameof(message),
                exception);
        }
    }

    private static byte[]? ReadValue(OutboxMessageContext message) => Text(message, ValueName) switch
    {
        null => Encoding.UTF8.GetBytes(message.Body),
        NoValue => null,
        var value => Convert.FromBase64String(value),
    };

    private static string? Text(OutboxMessageContext message, string name) =>
        message.Properties.TryGetValue(name, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    private static string WriteHeaders(Headers headers)
    {
        var text = new StringBuilder();
        foreach (var header in headers)
        {
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(header.Key));
            if (header.GetValueBytes() is { } value)
                text.Append('=').Append(Uri.EscapeDataString(Convert.ToBase64String(value)));
        }

        return text.ToString();
    }

    private static Headers ReadHeaders(string text)
    {
        Headers headers = [];
        foreach (var header in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = header.Split('=', 2);
            headers.Add(
                Uri.UnescapeDataString(parts[0]),
                parts.Length == 1 ? null : Convert.FromBase64String(Uri.UnescapeDataString(parts[1])));
        }

        return headers;
    }
}
