using System.Text.Json.Serialization;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Rollouts;

namespace IotBus.Processors.Commands;

/// <summary>The JSON of the commands and of what they answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RolloutRequest))]
[JsonSerializable(typeof(RolloutView))]
[JsonSerializable(typeof(OperationView))]
internal sealed partial class CommandJsonContext : JsonSerializerContext;
