using System.Buffers.Text;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Reads a GUID of 36 characters, as JSON, between quotes, or bare.</summary>
internal sealed class GuidDeserializer : IDeserializer<Guid>
{
    private const int Length = 36;

    public Guid Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        var text = data is [(byte)'"', .., (byte)'"'] ? data[1..^1] : data;
        return text.Length == Length && Utf8Parser.TryParse(text, out Guid value, out var consumed) && consumed == Length
            ? value
            : throw new FormatException(isNull ? "There is no GUID: it is null." : $"{data.Length} bytes are no GUID of {Length} characters.");
    }
}
