using IotBus.Messages;

namespace IotBus.Bench.Traffic;

/// <summary>
/// Devices that measure the climate of rooms: each in turn, temperature and humidity a small random step from the last reading, with the
/// decimals that such sensors send. The same seed tells the same story, but for the identifiers. Not thread-safe.
/// </summary>
internal sealed class SensorFleet
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Random _random;
    private readonly (string Device, string Zone)[] _names;
    private readonly double[] _temperatures;
    private readonly double[] _humidities;
    private DateTimeOffset _now;
    private int _next;

    public SensorFleet(int seed, DateTimeOffset start, int devices = 300, int zones = 6)
    {
        _random = new Random(seed);
        _now = start;
        _names = new (string, string)[devices];
        _temperatures = new double[devices];
        _humidities = new double[devices];
        for (var i = 0; i < devices; i++)
        {
            _names[i] = ($"climate-{i + 1:000}", $"hall-{(i % zones) + 1}");
            _temperatures[i] = 18 + (_random.NextDouble() * 6);
            _humidities[i] = 35 + (_random.NextDouble() * 20);
        }
    }

    /// <summary>The next reading of the next device.</summary>
    public TelemetryRecorded Next()
    {
        var device = _next;
        if (++_next == _names.Length)
        {
            _next = 0;
            _now += Interval;
        }

        _temperatures[device] = Math.Clamp(_temperatures[device] + ((_random.NextDouble() - 0.5) * 0.1), 10, 35);
        _humidities[device] = Math.Clamp(_humidities[device] + ((_random.NextDouble() - 0.5) * 0.3), 20, 80);
        var timestamp = _now + TimeSpan.FromMilliseconds(_random.Next(0, 5000));
        return new TelemetryRecorded
        {
            EventId = Guid.CreateVersion7(timestamp),
            Timestamp = timestamp,
            DeviceId = _names[device].Device,
            ZoneId = _names[device].Zone,
            Temperature = Math.Round(_temperatures[device], 2),
            Humidity = Math.Round(_humidities[device], 3),
        };
    }
}
