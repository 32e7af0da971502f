using System.Text.Json.Serialization;
using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>What every request to record an event may carry. All members may be missing or wrong: the validators say so, all at once.</summary>
internal abstract record EventRequest
{
    /// <summary>The header that stands for <c>event_id</c>, and the name its faults go by.</summary>
    public const string IdempotencyKeyHeader = "Idempotency-Key";

    [JsonPropertyName("event_id"), JsonConverter(typeof(IdFieldConverter))]
    public Field<Guid> EventId { get; init; }

    [JsonPropertyName("timestamp"), JsonConverter(typeof(TimestampFieldConverter))]
    public Field<DateTimeOffset> Timestamp { get; init; }

    [JsonPropertyName("device_id"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> DeviceId { get; init; }

    /// <summary>The header of that name, which stands for <see cref="EventId"/>.</summary>
    [JsonIgnore]
    public Field<Guid> IdempotencyKey { get; set; }

    /// <summary>The message, once the request is valid.</summary>
    /// <param name="received">When the request was received: the time of an event that tells none.</param>
    public abstract SensorEvent ToMessage(DateTimeOffset received);

    /// <summary>The event's identifier: the one given, or a new one, ordered by time.</summary>
    protected Guid Identify(DateTimeOffset received)
    {
        if (EventId.IsPresent)
            return EventId.Value;

        return IdempotencyKey.IsPresent ? IdempotencyKey.Value : Guid.CreateVersion7(received);
    }

    protected DateTimeOffset Time(DateTimeOffset received) => Timestamp.IsPresent ? Timestamp.Value : received;
}
