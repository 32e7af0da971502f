namespace IotBus.Messages;

/// <summary>What becomes of the history of a device that is taken out of service.</summary>
public static class DeviceHistories
{
    /// <summary>Its series expires as all do; its rollups stay.</summary>
    public const string Keep = "keep";

    /// <summary>Its series and its own rollups are deleted; the fleet's rollups go on counting its events.</summary>
    public const string Purge = "purge";

    public static IReadOnlyList<string> All { get; } = [Keep, Purge];
}
