using System.Text.Json.Nodes;
using IotBus.Messages;

namespace IotBus.DevHost.Simulation;

/// <summary>
/// One made-up device: it boots, then measures a slow daily curve with noise; now and then it raises an alert, installs a firmware, by itself or because it is told to, sends an event twice or sends
/// nonsense. The same seed gives the same events.
/// </summary>
internal sealed class SimulatedDevice(string id, string zone, int seed)
{
    /// <summary>Of a hundred events, how many are sent once more.</summary>
    public const int RepeatPercent = 4;

    /// <summary>Of a hundred events, how many the Api must reject.</summary>
    public const int BadPercent = 2;

    /// <summary>Of a hundred events, how many are alerts.</summary>
    public const int AlertPercent = 3;

    /// <summary>Of a hundred events, how many start a firmware update.</summary>
    public const int UpdatePercent = 1;

    private static readonly string[] ErrorCodes = ["E-TEMP-HIGH", "E-BATTERY", "E-SENSOR", "E-LINK"];

#pragma warning disable CA5394 // A simulation wants the same numbers again, not secret ones.
    private readonly Random _random = new(seed);
#pragma warning restore CA5394
    private SimulatedEvent? _last;
    private string _firmware = "1.0.0";
    private int _minor;
    private bool _bootDue = true;
    private string? _commanded;

    public string Id => id;

    /// <summary>Tells it to install a version: it does so with its next events. The last command counts. Thread-safe.</summary>
    public void Obey(string version) => Interlocked.Exchange(ref _commanded, version);

    /// <summary>The next event, measured now.</summary>
    public SimulatedEvent Next(DateTimeOffset now)
    {
        if (_bootDue)
        {
            _bootDue = false;
            return Keep(Event("boot", now, ("zone_id", zone), ("firmware", _firmware)));
        }

        if (Interlocked.Exchange(ref _commanded, null) is { } version)
            return Install(version, now);

        var lot = Below(100);
        if (_last is not null && (lot -= RepeatPercent) < 0)
            return _last with { Kind = SimulatedKind.Repeat };
        if ((lot -= BadPercent) < 0)
            return Bad(now);
        if ((lot -= AlertPercent) < 0)
            return Keep(Event("alert", now, ("error_code", ErrorCodes[Below(ErrorCodes.Length)]), ("severity", Severities.All[Below(Severities.All.Count)])));
        if ((lot - UpdatePercent) >= 0)
            return Keep(Telemetry(now));

        return Install($"1.{++_minor}.0", now);
    }

    private SimulatedEvent Install(string version, DateTimeOffset now)
    {
        _firmware = version;
        _bootDue = true;
        return Keep(Event("firmware_update", now, ("version_to", version)));
    }

    private SimulatedEvent Telemetry(DateTimeOffset now)
    {
        var daily = Math.Sin((now.TimeOfDay.TotalHours - 9) / 24 * 2 * Math.PI);
        var temperature = 20 + (seed % 5) + (4 * daily) + Noise(0.3);
        var humidity = Math.Clamp(48 - (6 * daily) + Noise(1.5), 0, 100);
        return Event("telemetry", now, ("zone_id", zone), ("temperature", Math.Round(temperature, 2)), ("humidity", Math.Round(humidity, 1)));
    }

    private SimulatedEvent Bad(DateTimeOffset now)
    {
        var bad = Below(4) switch
        {
            0 => Event("telemetry", now, ("zone_id", zone), ("temperature", 21.5), ("humidity", 140)),
            1 => Event("telemetry", now, ("temperature", 21.5), ("humidity", 40)),
            2 => Event("alert", now, ("error_code", "E-LINK"), ("severity", "apocalyptic")),
            _ => new SimulatedEvent("event/telemetry", "{\"device_id\":\"" + id + "\",\"temperature\":21.", SimulatedKind.Bad),
        };
        return bad with { Kind = SimulatedKind.Bad };
    }

    private SimulatedEvent Event(string type, DateTimeOffset now, params ReadOnlySpan<(string Name, JsonNode Value)> fields)
    {
        Span<byte> eventId = stackalloc byte[16];
#pragma warning disable CA5394
        _random.NextBytes(eventId);
#pragma warning restore CA5394
        var body = new JsonObject
        {
            ["event_id"] = new Guid(eventId, bigEndian: true),
            ["timestamp"] = now.UtcDateTime,
            ["device_id"] = id,
        };
        foreach (var (name, value) in fields)
            body[name] = value;

        return new SimulatedEvent("event/" + type, body.ToJsonString(), SimulatedKind.Good);
    }

    private SimulatedEvent Keep(SimulatedEvent sent) => _last = sent;

#pragma warning disable CA5394
    private int Below(int limit) => _random.Next(limit);

    private double Noise(double size) => (_random.NextDouble() - 0.5) * 2 * size;
#pragma warning restore CA5394
}
