using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Processors.Events;

/// <summary>An event and where it came from.</summary>
/// <param name="Event">The event. Its <see cref="SensorEvent.EventId"/> names it in the inbox and in the series.</param>
/// <param name="Offset">The offset that brought it.</param>
/// <param name="IngestedAt">The message's timestamp on Kafka: the same at every delivery, so that what is derived from it is too.</param>
internal readonly record struct StoredEvent(SensorEvent Event, long Offset, DateTimeOffset IngestedAt)
{
    public StoredEvent(in TopicMessage<SensorEvent> message)
        : this(message.Message, message.Offset, message.Timestamp)
    {
    }

    /// <summary>The zone, for events that carry one.</summary>
    public string? Zone => Event switch
    {
        TelemetryRecorded telemetry => telemetry.ZoneId,
        DeviceBooted boot => boot.ZoneId,
        _ => null,
    };
}
