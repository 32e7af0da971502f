using System.Text.Json.Serialization;
using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>A device measured its surroundings.</summary>
internal sealed record TelemetryRequest : EventRequest
{
    [JsonPropertyName("zone_id"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> ZoneId { get; init; }

    [JsonPropertyName("temperature"), JsonConverter(typeof(NumberFieldConverter))]
    public Field<double> Temperature { get; init; }

    [JsonPropertyName("humidity"), JsonConverter(typeof(NumberFieldConverter))]
    public Field<double> Humidity { get; init; }

    public override TelemetryRecorded ToMessage(DateTimeOffset received) => new()
    {
        EventId = Identify(received),
        Timestamp = Time(received),
        DeviceId = DeviceId.Value!,
        ZoneId = ZoneId.Value!,
        Temperature = Temperature.Value,
        Humidity = Humidity.Value,
    };
}
