using System.Text.Json.Serialization;

namespace IotBus.DevHost.Replay;

/// <summary>What the Api answers to <c>POST /events</c>, whether all went well or only some of it.</summary>
internal sealed record IngestionAnswer
{
    [JsonPropertyName("accepted")]
    public required int Accepted { get; init; }

    [JsonPropertyName("rejected")]
    public required int Rejected { get; init; }

    /// <summary>Lines that were looked at and not acknowledged.</summary>
    [JsonPropertyName("unacknowledged")]
    public int Unacknowledged { get; init; }

    /// <summary>The first line that was not looked at.</summary>
    [JsonPropertyName("resume_from_line")]
    public int? ResumeFromLine { get; init; }

    [JsonPropertyName("errors")]
    public IReadOnlyList<LineError> Errors { get; init; } = [];

    /// <summary>Whether it accounts for every line of a request.</summary>
    public bool AddsUpTo(int lines) =>
        Accepted >= 0 && Rejected >= 0 && Unacknowledged >= 0 && ResumeFromLine is null or >= 1
        && Accepted + Rejected + Unacknowledged + (ResumeFromLine is { } line ? Math.Max(0, lines - line + 1) : 0) == lines;

    /// <summary>A line of the request, from 1, and why it was not taken.</summary>
    internal sealed record LineError
    {
        [JsonPropertyName("line")]
        public required int Line { get; init; }

        [JsonPropertyName("error")]
        public required string Error { get; init; }

        /// <summary>Whether to send it again.</summary>
        [JsonPropertyName("retry")]
        public bool Retry { get; init; }
    }
}
