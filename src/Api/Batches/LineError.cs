using System.Text.Json.Serialization;

namespace IotBus.Api.Batches;

/// <summary>Why a line of a batch was not accepted.</summary>
internal sealed record LineError
{
    /// <summary>Counted from one; blank lines count.</summary>
    [JsonPropertyName("line")]
    public required int Line { get; init; }

    /// <summary>The event's identifier, when it has one: on a line to send again also one that was made here.</summary>
    [JsonPropertyName("event_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? EventId { get; init; }

    [JsonPropertyName("error")]
    public required string Error { get; init; }

    /// <summary>The faults by member.</summary>
    [JsonPropertyName("errors"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Whether to send the line again, with this <see cref="EventId"/>.</summary>
    [JsonPropertyName("retry"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Retry { get; init; }
}
