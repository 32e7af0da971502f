using System.Text;
using System.Text.Json;

namespace IotBus.Kafka;

/// <summary>Tells a message's type by a top-level member of its JSON, reading no further than to that member.</summary>
internal sealed class JsonTypeMember<T>(string member, MessageType<T>[] types)
    where T : class
{
    private readonly byte[] _member = Encoding.UTF8.GetBytes(member);
    private readonly (byte[] Name, MessageType<T> Type)[] _byName =
        [.. types.Where(type => type.JsonType is not null).Select(type => (Encoding.UTF8.GetBytes(type.JsonType!), type))];

    /// <remarks>What the reader throws at bytes that are no JSON passes through.</remarks>
    /// <exception cref="UndecodableException">The value is no JSON object, lacks the member, or names a type that is not
    /// registered.</exception>
    public MessageType<T> Find(ReadOnlySpan<byte> value)
    {
        // An endpoint of one type needs no telling.
        if (_byName.Length == 0 && types.Length == 1)
            return types[0];

        var reader = new Utf8JsonReader(value);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new UndecodableException(DeadLetterReasons.Malformed, "The message is no JSON object.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(_member);
            reader.Read();
            if (found)
                return Named(ref reader);

            reader.Skip();
        }

        throw new UndecodableException(
            DeadLetterReasons.UnknownType,
            $"The message tells no type: neither a header {MessageHeaderNames.MessageType} nor a JSON member {member}.");
    }

    private MessageType<T> Named(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            foreach (var (name, type) in _byName)
            {
                if (reader.ValueTextEquals(name))
                    return type;
            }
        }

        var text = Encoding.UTF8.GetString(reader.HasValueSequence ? default : reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 256)]);
        throw new UndecodableException(DeadLetterReasons.UnknownType, $"The JSON member {member} names no type of this endpoint: {text}");
    }
}
