using System.Buffers;

namespace IotBus.Messages;

/// <summary>The bounds every event keeps, at the door (Api) and behind it (Processors, which also get events of other producers).</summary>
public static class EventRules
{
    /// <summary>°C: absolute zero.</summary>
    public const double MinTemperature = -273.15;

    /// <summary>°C.</summary>
    public const double MaxTemperature = 2_000;

    /// <summary>% RH.</summary>
    public const double MinHumidity = 0;

    /// <summary>% RH.</summary>
    public const double MaxHumidity = 100;

    /// <summary>Characters of an identifier, an error code or a version at most.</summary>
    public const int MaxIdentifierLength = 128;

    /// <summary>How far ahead of the receiver's clock a device's may be.</summary>
    public static readonly TimeSpan MaxClockLead = TimeSpan.FromHours(24);

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>Whether a text is 1–128 characters of letters, digits, <c>.</c>, <c>_</c>, <c>:</c>, <c>-</c>.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxIdentifierLength && !text.ContainsAnyExcept(IdentifierCharacters);

    public static bool IsTemperature(double celsius) => celsius is >= MinTemperature and <= MaxTemperature;

    public static bool IsHumidity(double percent) => percent is >= MinHumidity and <= MaxHumidity;

    /// <summary>The first rule that an event breaks, or null when it keeps all.</summary>
    /// <param name="sensorEvent">The event.</param>
    /// <param name="received">When it was received: its timestamp may be at most 24 h later.</param>
    public static string? Violation(SensorEvent sensorEvent, DateTimeOffset received)
    {
        if (!IsIdentifier(sensorEvent.DeviceId))
            return Identifier("device_id");

        if (sensorEvent.Timestamp - received > MaxClockLead)
            return "timestamp is more than 24 h ahead";

        return sensorEvent switch
        {
            TelemetryRecorded { ZoneId: var zone } when !IsIdentifier(zone) => Identifier("zone_id"),
            TelemetryRecorded { Temperature: var celsius } when !IsTemperature(celsius) => "temperature is outside -273.15…2000 °C",
            TelemetryRecorded { Humidity: var percent } when !IsHumidity(percent) => "humidity is outside 0…100 %",
            DeviceBooted { ZoneId: var zone } when !IsIdentifier(zone) => Identifier("zone_id"),
            DeviceBooted { Firmware: var version } when !IsIdentifier(version) => Identifier("firmware"),
            FirmwareUpdateStarted { UpdateTo: var version } when !IsIdentifier(version) => Identifier("update_to"),
            AlertRaised { ErrorCode: var code } when !IsIdentifier(code) => Identifier("error_code"),
            AlertRaised { Severity: var severity } when !Severities.All.Contains(severity) => "severity is not one of low, medium, high, critical",
            _ => null,
        };
    }

    private static string Identifier(string member) =>
        $"{member} is not 1-128 characters of letters, digits, '.', '_', ':', '-'";
}
