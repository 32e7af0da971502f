using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using IotBus.Messages;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// Reads the events that can mean something to a rollout, and passes over all others, most of them telemetry, by their header and without reading them. What
/// cannot be read is passed over too: the group that applies events puts it aside. Thread-safe.
/// </summary>
internal sealed class RolloutEventDeserializer : IDeserializer<SensorEvent>
{
    private const string TypeHeader = "MT-MessageType";

    private static readonly (byte[] Urn, string Type)[] Types =
    [
        (Encoding.UTF8.GetBytes(MessageUrns.DeviceBooted), EventTypes.Boot),
        (Encoding.UTF8.GetBytes(MessageUrns.FirmwareUpdateStarted), EventTypes.FirmwareUpdate),
        (Encoding.UTF8.GetBytes(MessageUrns.AlertRaised), EventTypes.Alert),
    ];

    /// <summary>Whether it is an event that was read.</summary>
    public static bool Concerns(SensorEvent sensorEvent) => sensorEvent is not PassedOver;

    public SensorEvent Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (isNull)
            return PassedOver.Instance;

        try
        {
            var header = context.Headers is { } headers && headers.TryGetLastBytes(TypeHeader, out var urn) ? TypeOf(urn) : TypeOf(data);
            SensorEvent? read = header switch
            {
                EventTypes.Boot => JsonSerializer.Deserialize(data, MessagesJsonContext.Default.DeviceBooted),
                EventTypes.FirmwareUpdate => JsonSerializer.Deserialize(data, MessagesJsonContext.Default.FirmwareUpdateStarted),
                EventTypes.Alert => JsonSerializer.Deserialize(data, MessagesJsonContext.Default.AlertRaised),
                _ => null,
            };
            return read ?? PassedOver.Instance;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return PassedOver.Instance;
        }
    }

    private static string? TypeOf(byte[] urn)
    {
        foreach (var range in urn.AsSpan().Split((byte)';'))
        {
            foreach (var (known, type) in Types)
            {
                if (urn.AsSpan(range).SequenceEqual(known))
                    return type;
            }
        }

        return null;
    }

    /// <summary>The JSON member that tells the type where no header does.</summary>
    private static string? TypeOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

            reader.Skip();
        }

        return null;
    }

    private sealed record PassedOver : SensorEvent
    {
        public static PassedOver Instance { get; } = new() { EventId = Guid.Empty, Timestamp = default, DeviceId = "" };

        public override string Type => "";
    }
}
