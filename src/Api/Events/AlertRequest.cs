using System.Text.Json.Serialization;
using IotBus.Api.Fields;
using IotBus.Messages;

namespace IotBus.Api.Events;

/// <summary>A device reported a fault.</summary>
internal sealed record AlertRequest : EventRequest
{
    [JsonPropertyName("error_code"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> ErrorCode { get; init; }

    [JsonPropertyName("severity"), JsonConverter(typeof(TextFieldConverter))]
    public Field<string> Severity { get; init; }

    public override AlertRaised ToMessage(DateTimeOffset received) => new()
    {
        EventId = Identify(received),
        Timestamp = Time(received),
        DeviceId = DeviceId.Value!,
        ErrorCode = ErrorCode.Value!,
        Severity = FieldRules.Canonical(Severity.Value)!,
    };
}
