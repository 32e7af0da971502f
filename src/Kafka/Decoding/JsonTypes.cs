using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MassTransit.Serialization;

namespace IotBus.Kafka;

/// <summary>Where the JSON form of message types is told: a source-generated context or options.</summary>
/// <param name="source">Named in errors.</param>
/// <param name="find">Returns null for an unknown type.</param>
internal sealed class JsonTypes(string source, Func<Type, JsonTypeInfo?> find)
{
    /// <summary>MassTransit's own options, as its Kafka rider uses them.</summary>
    public static JsonTypes Default { get; } = Of(SystemTextJsonMessageSerializer.Options);

    public static JsonTypes Of(JsonSerializerContext context) => new(context.GetType().Name, context.GetTypeInfo);

    public static JsonTypes Of(JsonSerializerOptions options) =>
        new("the serializer options", type => options.TryGetTypeInfo(type, out var info) ? info : null);

    /// <exception cref="NotSupportedException">The type is unknown.</exception>
    public JsonTypeInfo Get(Type type) =>
        find(type) ?? throw new NotSupportedException($"{source} does not know {type}: add [JsonSerializable(typeof({type.Name}))].");
}
