using System.Text.Json.Serialization;

namespace IotBus.Reporting.Metrics;

/// <summary>How many times devices have booted.</summary>
internal sealed record BootTotal([property: JsonPropertyName("total_device_boots")] long TotalDeviceBoots);
