using System.Text.Json.Serialization;

namespace IotBus.DevHost.Replay;

/// <summary>What the Api answers to <c>POST /events</c>.</summary>
internal sealed record IngestionAnswer(
    [property: JsonPropertyName("accepted")] int Accepted,
    [property: JsonPropertyName("rejected")] int Rejected,
    [property: JsonPropertyName("errors")] IReadOnlyList<RejectedLine>? Errors);

/// <summary>A line of the request that was not taken, from 1, and why.</summary>
internal sealed record RejectedLine(
    [property: JsonPropertyName("line")] int Line,
    [property: JsonPropertyName("error")] string Error);
