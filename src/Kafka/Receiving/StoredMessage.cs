using System.Text.Json;

namespace IotBus.Kafka;

/// <summary>A message that an outbox has kept for an endpoint's own consumers.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Type">Its class, as <see cref="StoredOrigin"/> has it.</param>
internal sealed record StoredMessage(Guid Id, string Type)
{
    /// <exception cref="UndecodableException">The class is not there any more, or the value is none of it.</exception>
    public object Read(byte[]? value)
    {
        var type = System.Type.GetType(Type)
            ?? throw new UndecodableException(DeadLetterReasons.UnknownType, $"There is no class {Type}, which it was when it was scheduled.");
        try
        {
            return JsonSerializer.Deserialize(value, JsonTypes.Default.Get(type))
                ?? throw new UndecodableException(DeadLetterReasons.NullValue, "It has no value.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new UndecodableException(DeadLetterReasons.Malformed, $"It is no {type.Name}: {exception.Message}", exception);
        }
    }
}
