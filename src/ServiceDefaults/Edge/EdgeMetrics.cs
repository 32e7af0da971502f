using System.Diagnostics.Metrics;

namespace IotBus.ServiceDefaults.Edge;

/// <summary>Counts the requests that the edge turned away, by reason.</summary>
internal sealed class EdgeMetrics
{
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string RateLimited = "rate_limited";

    private readonly Counter<long> _rejected;

    public EdgeMetrics(IMeterFactory meters)
    {
        _rejected = meters.Create("IotBus.Edge").CreateCounter<long>(
            "iotbus_edge_rejected_total", description: "Requests turned away before they reached the service.");
        foreach (var reason in new[] { Unauthorized, Forbidden, RateLimited })
            _rejected.Add(0, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Rejected(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
