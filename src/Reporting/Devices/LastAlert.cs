using System.Text.Json.Serialization;

namespace IotBus.Reporting.Devices;

/// <summary>A device's newest alert.</summary>
internal sealed record LastAlert(
    [property: JsonPropertyName("error_code")] string ErrorCode,
    [property: JsonPropertyName("severity")] string Severity,
    [property: JsonPropertyName("at")] DateTime At);
