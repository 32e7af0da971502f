using System.Text.Json.Serialization;
using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>A device began to install a firmware.</summary>
internal sealed record FirmwareUpdateRequest : EventRequest
{
    [JsonPropertyName("version_to"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> VersionTo { get; init; }

    public override FirmwareUpdateStarted ToMessage(DateTimeOffset received) => new()
    {
        EventId = Identify(received),
        Timestamp = Time(received),
        DeviceId = DeviceId.Value!,
        UpdateTo = VersionTo.Value!,
    };
}
