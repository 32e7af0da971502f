using System.Text.Json;
using IotBus.Kafka;
using IotBus.Messages;

namespace IotBus.Processors.Tests;

internal static class InMemoryTopics
{
    /// <summary>Writes an event as the Api does.</summary>
    public static InMemoryRecord Append(this InMemoryKafka kafka, SensorEvent sensorEvent) =>
        kafka.Topic(sensorEvent is AlertRaised ? Topics.Alerts : Topics.Telemetry)
            .AppendText(sensorEvent.DeviceId, JsonSerializer.Serialize(sensorEvent, sensorEvent.GetType(), MessagesJsonContext.Default));
}
