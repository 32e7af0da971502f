using System.Text.Json.Serialization;
using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>A device started.</summary>
internal sealed record BootRequest : EventRequest
{
    [JsonPropertyName("zone_id"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> ZoneId { get; init; }

    [JsonPropertyName("firmware"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> Firmware { get; init; }

    public override DeviceBooted ToMessage(DateTimeOffset received) => new()
    {
        EventId = Identify(received),
        Timestamp = Time(received),
        DeviceId = DeviceId.Value!,
        ZoneId = ZoneId.Value!,
        Firmware = Firmware.Value ?? DeviceBooted.UnknownFirmware,
    };
}
