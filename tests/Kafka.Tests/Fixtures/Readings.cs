using System.Text.Json.Serialization;

namespace IotBus.Kafka.Tests;

/// <summary>What the tests' topics carry: two types with a common base.</summary>
public abstract record Reading
{
    [JsonPropertyName("id"), JsonPropertyOrder(-3)]
    public required Guid EventId { get; init; }

    [JsonIgnore]
    public abstract string Type { get; }

    [JsonPropertyName("device"), JsonPropertyOrder(-1)]
    public required string Device { get; init; }
}

public sealed record Warmth : Reading
{
    [JsonPropertyName("type"), JsonPropertyOrder(-2)]
    public override string Type => "warmth";

    [JsonPropertyName("celsius")]
    public required double Celsius { get; init; }
}

public sealed record Noise : Reading
{
    [JsonPropertyName("type"), JsonPropertyOrder(-2)]
    public override string Type => "noise";

    [JsonPropertyName("decibel")]
    public required int Decibel { get; init; }
}

[JsonSerializable(typeof(Warmth))]
[JsonSerializable(typeof(Noise))]
public sealed partial class ReadingsJsonContext : JsonSerializerContext;
