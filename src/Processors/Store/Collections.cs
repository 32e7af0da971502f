namespace IotBus.Processors.Store;

/// <summary>The collections that the Processors write: docs/collections.md.</summary>
internal static class Collections
{
    public const string SensorData = "sensor_data";
    public const string Progress = "progress";
    public const string Inbox = "inbox";
    public const string Rollups = "rollups";
    public const string Devices = "devices";
    public const string Rollouts = "rollouts";
    public const string RolloutDevices = "rollouts.devices";
    public const string Decommissioned = "decommissioned";
    public const string RevokedConsumers = "edge.revoked";
}
