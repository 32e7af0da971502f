namespace IotBus.Processors.Events;

/// <summary>The streams a device has a state in. Each comes by one topic, so its document has one writer.</summary>
internal static class DeviceStreams
{
    public const string Telemetry = "telemetry";
    public const string Alerts = "alerts";
}
