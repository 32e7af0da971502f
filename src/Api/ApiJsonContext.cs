using System.Text.Json.Serialization;
using IotBus.Api.Batches;
using IotBus.Api.Events;
using IotBus.Messages;

namespace IotBus.Api;

/// <summary>Reads requests and writes answers without reflection.</summary>
[JsonSerializable(typeof(BootRequest))]
[JsonSerializable(typeof(TelemetryRequest))]
[JsonSerializable(typeof(FirmwareUpdateRequest))]
[JsonSerializable(typeof(AlertRequest))]
[JsonSerializable(typeof(EventRecorded<DeviceBooted>))]
[JsonSerializable(typeof(EventRecorded<TelemetryRecorded>))]
[JsonSerializable(typeof(EventRecorded<FirmwareUpdateStarted>))]
[JsonSerializable(typeof(EventRecorded<AlertRaised>))]
[JsonSerializable(typeof(BatchAnswer))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
