using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// A record in a partition of a dead-letter topic that says which letters before it in that partition were replayed or dropped. Kafka deletes no
/// single records, and this needs no right but to write to the topic. It outlives what it names, since it is younger.
/// </summary>
/// <param name="Action">What was done: <see cref="Replayed"/> or <see cref="Dropped"/>.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it, as the operator's program says.</param>
/// <param name="Ranges">First and last offset of each range, both inclusive. What lies between a range's letters was handled before or is no letter.</param>
internal sealed record HandledMark(
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("by")] string By,
    [property: JsonPropertyName("ranges")] long[][] Ranges)
{
    public const string Replayed = "replayed";
    public const string Dropped = "dropped";

    /// <summary>So many ranges make a record of at most 80 KB.</summary>
    public const int MaxRanges = 2000;

    public Message<byte[], byte[]> ToMessage() => new()
    {
        Headers = new Headers { { DeadLetterHeaders.Mark, System.Text.Encoding.UTF8.GetBytes(Action) } },
        Value = JsonSerializer.SerializeToUtf8Bytes(this, HandledMarkJson.Default.HandledMark),
    };

    /// <summary>Null for a record that is no mark, or none that can be trusted: that one counts as a letter, and nothing is hidden by it.</summary>
    public static HandledMark? Of(ConsumeResult<byte[], byte[]> result)
    {
        if (result.Message.Headers?.TryGetLastBytes(DeadLetterHeaders.Mark, out _) != true || result.Message.Value is not { } value)
            return null;

        try
        {
            var mark = JsonSerializer.Deserialize(value, HandledMarkJson.Default.HandledMark);
            return mark?.Ranges?.All(range => range is [>= 0 and var first, var last] && first <= last && last < result.Offset) == true ? mark : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(HandledMark))]
internal sealed partial class HandledMarkJson : JsonSerializerContext;
