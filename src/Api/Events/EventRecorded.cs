using System.Text.Json.Serialization;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>The answer to an event that is on Kafka.</summary>
/// <param name="Status">What happened, in the words of the replaced system.</param>
/// <param name="Event">The event as it was recorded, with what was added here.</param>
internal sealed record EventRecorded<TEvent>(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("event")] TEvent Event)
    where TEvent : SensorEvent;
