namespace IotBus.Reporting.Tests.Fleet;

/// <summary>A plant of a few zones over ten days, always the same: readings, boots, updates and alerts, some taken in days after they happened.</summary>
internal static class PlantFleet
{
    public static readonly DateTimeOffset Now = FleetEvent.Utc("2026-05-10T12:34:56Z");

    public static readonly string[] Zones = ["hall-1", "hall-2", "yard"];

    private static readonly string[] Severities = ["low", "medium", "high", "critical"];
    private static readonly string[] Versions = ["1.0.0", "1.1.0", "2.0.0-rc.1"];

    public static IReadOnlyList<FleetEvent> Events { get; } = Make();

    /// <summary>The zone that each device was in last.</summary>
    public static IReadOnlyDictionary<string, string> ZoneNow { get; } = Events
        .Where(e => e.Zone is not null)
        .GroupBy(e => e.Device)
        .ToDictionary(device => device.Key, device => device.MaxBy(e => e.At)!.Zone!);

    private static FleetEvent[] Make()
    {
        var random = new Random(42);
        return [.. Enumerable.Range(0, 3000).Select(_ => Event(random))];
    }

    private static FleetEvent Event(Random random)
    {
        var number = random.Next(12);
        var at = Now - TimeSpan.FromMilliseconds(random.NextInt64((long)TimeSpan.FromDays(10).TotalMilliseconds));
        // Devices 0 to 9 stay in their zone, 10 and 11 wander.
        var zone = Zones[number < 10 ? number % Zones.Length : random.Next(Zones.Length)];
        var e = new FleetEvent("telemetry", $"sensor-{number}", at)
        {
            Partition = number % 3,
            IngestedAt = at + (random.Next(10) == 0 ? TimeSpan.FromHours(random.Next(48)) : TimeSpan.FromMilliseconds(random.Next(500))),
        };
        return random.Next(10) switch
        {
            0 => e with { Type = "boot", Zone = zone, Firmware = Versions[random.Next(Versions.Length)] },
            1 => e with { Type = "firmware_update", Version = Versions[random.Next(Versions.Length)] },
            2 => e with { Type = "alert", ErrorCode = $"E{random.Next(5)}", Severity = Severities[random.Next(4)], Partition = number % 2 },
            _ => e with { Zone = zone, Temperature = 15 + 20 * random.NextDouble(), Humidity = 30 + 40 * random.NextDouble() },
        };
    }
}
