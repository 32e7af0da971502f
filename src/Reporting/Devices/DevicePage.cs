using System.Text.Json.Serialization;

namespace IotBus.Reporting.Devices;

/// <summary>Devices by name, and where the next page starts: the value for <c>after</c>, or null when this is the last page.</summary>
internal sealed record DevicePage(
    [property: JsonPropertyName("devices")] IReadOnlyList<DeviceState> Devices,
    [property: JsonPropertyName("next")] string? Next);
