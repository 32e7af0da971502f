using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MassTransit;

namespace IotBus.Kafka;

/// <summary>A type of message on a topic: how it is told, and how it is read.</summary>
internal abstract class MessageType<T>(Type type, string? jsonType)
    where T : class
{
    public Type Type { get; } = type;

    public string? JsonType { get; } = jsonType;

    /// <summary>The type's URN in UTF-8, as the header holds it.</summary>
    public byte[] Urn { get; } = Encoding.UTF8.GetBytes(MessageUrn.ForTypeString(type));

    /// <summary>Reads a message. Null for the JSON literal <c>null</c>.</summary>
    /// <exception cref="JsonException">The value is no JSON of this type.</exception>
    public abstract T? Read(ReadOnlySpan<byte> value);
}

/// <inheritdoc/>
internal sealed class MessageType<T, TMessage>(JsonTypes json, string? jsonType) : MessageType<T>(typeof(TMessage), jsonType)
    where T : class
    where TMessage : class, T
{
    private readonly JsonTypeInfo<TMessage> _json = (JsonTypeInfo<TMessage>)json.Get(typeof(TMessage));

    public override T? Read(ReadOnlySpan<byte> value) => JsonSerializer.Deserialize(value, _json);
}
