namespace IotBus.Reporting.Metrics;

/// <summary>What rows of the rollups count.</summary>
/// <param name="Name">As in the rows.</param>
/// <param name="WithZone">Whether some of its rows name a zone.</param>
/// <param name="WithoutZone">Whether some of its rows name none, so that the device's current zone stands in.</param>
internal sealed record RollupKind(string Name, bool WithZone, bool WithoutZone)
{
    public static RollupKind Telemetry { get; } = new("telemetry", WithZone: true, WithoutZone: false);

    public static RollupKind Boot { get; } = new("boot", WithZone: true, WithoutZone: false);

    public static RollupKind Alert { get; } = new("alert", WithZone: false, WithoutZone: true);

    public static RollupKind FirmwareUpdate { get; } = new("firmware_update", WithZone: false, WithoutZone: true);

    public static RollupKind Ingested { get; } = new("ingested", WithZone: true, WithoutZone: true);
}
