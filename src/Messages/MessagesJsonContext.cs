using System.Text.Json.Serialization;

namespace IotBus.Messages;

/// <summary>Reads and writes the messages without reflection. A message that lacks a required member does not deserialize.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(DeviceBooted))]
[JsonSerializable(typeof(TelemetryRecorded))]
[JsonSerializable(typeof(FirmwareUpdateStarted))]
[JsonSerializable(typeof(AlertRaised))]
[JsonSerializable(typeof(FirmwareUpdateRequested))]
public sealed partial class MessagesJsonContext : JsonSerializerContext;
