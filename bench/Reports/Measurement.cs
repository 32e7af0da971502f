using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IotBus.Bench.Reports;

/// <summary>What a benchmark found: medians over its runs, and the runs themselves.</summary>
internal sealed record Measurement(string Name, string Unit)
{
    // The line is read at a terminal, not put into a web page.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ours, by run.</summary>
    public required IReadOnlyList<double> Runs { get; init; }

    /// <summary>What it stands beside, in words.</summary>
    public required string Peer { get; init; }

    /// <summary>The peer's, by run.</summary>
    public required IReadOnlyList<double> PeerRuns { get; init; }

    /// <summary>What is to be reached, in words.</summary>
    public required string Target { get; init; }

    /// <summary>Further fields, in this order: numbers, texts or arrays of numbers.</summary>
    public IReadOnlyList<(string Name, JsonNode? Value)> More { get; init; } = [];

    /// <summary>One line of JSON.</summary>
    public string ToJson()
    {
        var (value, peer) = (Median.Of(Runs), Median.Of(PeerRuns));
        var json = new JsonObject
        {
            ["name"] = Name,
            ["value"] = Rounding.Short(value),
            ["unit"] = Unit,
            ["peer"] = Peer,
            ["peer_value"] = Rounding.Short(peer),
            ["ratio"] = Rounding.Short(value / peer),
            ["target"] = Target,
        };
        foreach (var (name, more) in More)
            json[name] = more;

        json["runs"] = Rounding.Short(Runs);
        json["peer_runs"] = Rounding.Short(PeerRuns);
        json["machine"] = Machine.Describe();
        return ToLine(json);
    }

    public static string ToLine(JsonObject json) => json.ToJsonString(Plain);
}
