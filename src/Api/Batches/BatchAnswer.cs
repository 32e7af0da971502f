using System.Text.Json.Serialization;

namespace IotBus.Api.Batches;

/// <summary>What became of a batch. Every line that was read is in one of the three counts.</summary>
internal sealed record BatchAnswer
{
    /// <summary>Events that all in-sync replicas have acknowledged.</summary>
    [JsonPropertyName("accepted")]
    public required int Accepted { get; init; }

    /// <summary>Lines that break a rule: sending them again as they are does not help.</summary>
    [JsonPropertyName("rejected")]
    public required int Rejected { get; init; }

    /// <summary>Valid events that were not acknowledged: send them again.</summary>
    [JsonPropertyName("unacknowledged"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Unacknowledged { get; init; }

    /// <summary>The first line that was not looked at, when the batch was not read to its end.</summary>
    [JsonPropertyName("resume_from_line"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ResumeFromLine { get; init; }

    /// <summary>The lines that were not accepted, by number.</summary>
    [JsonPropertyName("errors")]
    public required IReadOnlyList<LineError> Errors { get; init; }

    /// <summary>How many rejected lines <see cref="Errors"/> leaves out; it never leaves out one that should be sent again.</summary>
    [JsonPropertyName("errors_omitted"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ErrorsOmitted { get; init; }
}
