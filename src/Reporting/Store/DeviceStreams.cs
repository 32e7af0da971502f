namespace IotBus.Reporting.Store;

/// <summary>The streams of the collection <c>devices</c>: each device has up to one document in each.</summary>
internal static class DeviceStreams
{
    public const string Telemetry = "telemetry";
    public const string Alerts = "alerts";
}
