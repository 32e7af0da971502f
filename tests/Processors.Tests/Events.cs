using IotBus.Messages;

namespace IotBus.Processors.Tests;

/// <summary>Small made-up events.</summary>
internal static class Events
{
    public static DateTimeOffset Noon { get; } = DateTimeOffset.UtcNow.Date.AddHours(-12).ToUniversalTime();

    public static TelemetryRecorded Telemetry(
        string device = "sensor-1",
        double temperature = 20,
        double humidity = 40,
        DateTimeOffset? at = null,
        Guid? id = null,
        string zone = "hall-1") => new()
        {
            EventId = id ?? Guid.NewGuid(),
            Timestamp = at ?? Noon,
            DeviceId = device,
            ZoneId = zone,
            Temperature = temperature,
            Humidity = humidity,
        };

    public static DeviceBooted Boot(string device = "sensor-1", string firmware = "v1", DateTimeOffset? at = null, string zone = "hall-1") => new()
    {
        EventId = Guid.NewGuid(),
        Timestamp = at ?? Noon,
        DeviceId = device,
        ZoneId = zone,
        Firmware = firmware,
    };

    public static FirmwareUpdateStarted Update(string device = "sensor-1", string to = "v2", DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        Timestamp = at ?? Noon,
        DeviceId = device,
        UpdateTo = to,
    };

    public static AlertRaised Alert(string device = "sensor-1", string severity = Severities.High, DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        Timestamp = at ?? Noon,
        DeviceId = device,
        ErrorCode = "OVERHEAT",
        Severity = severity,
    };

    /// <summary>Readings of a few devices, a minute apart.</summary>
    public static SensorEvent[] Readings(int count, int seed = 1)
    {
        var random = new Random(seed);
        var events = new SensorEvent[count];
        for (var i = 0; i < count; i++)
        {
            var device = random.Next(4);
            events[i] = Telemetry(
                $"sensor-{device}",
                Math.Round(15 + (random.NextDouble() * 10), 2),
                Math.Round(30 + (random.NextDouble() * 30), 2),
                Noon.AddMinutes(i),
                zone: $"hall-{device % 2}");
        }

        return events;
    }
}
