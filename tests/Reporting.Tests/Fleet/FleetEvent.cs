namespace IotBus.Reporting.Tests.Fleet;

/// <summary>An event as it came from a device, from which the documents of all collections follow.</summary>
internal sealed record FleetEvent(string Type, string Device, DateTimeOffset At)
{
    public string? Zone { get; init; }

    public double Temperature { get; init; }

    public double Humidity { get; init; }

    public string? Firmware { get; init; }

    public string? Version { get; init; }

    public string? ErrorCode { get; init; }

    public string? Severity { get; init; }

    public DateTimeOffset IngestedAt { get; init; } = At;

    public int Partition { get; init; }

    public string TopicPartition => (Type == "alert" ? "sensor-alerts/" : "sensor-telemetry/") + Partition;

    public static FleetEvent Telemetry(string device, string zone, string at, double temperature, double humidity) =>
        new("telemetry", device, Utc(at)) { Zone = zone, Temperature = temperature, Humidity = humidity };

    public static FleetEvent Boot(string device, string zone, string at, string firmware = "1.0.0") =>
        new("boot", device, Utc(at)) { Zone = zone, Firmware = firmware };

    public static FleetEvent Update(string device, string at, string version) => new("firmware_update", device, Utc(at)) { Version = version };

    public static FleetEvent Alert(string device, string at, string severity, string errorCode = "E1") =>
        new("alert", device, Utc(at)) { Severity = severity, ErrorCode = errorCode };

    public static DateTimeOffset Utc(string at) =>
        DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);
}
