namespace IotBus.Api.OpenApi;

/// <summary>One event as it is sent, and the answer to it. A test sends the one and compares with the other.</summary>
internal sealed record EventExample(string Request, string Answer);

/// <summary>The examples in the document.</summary>
internal static class EventExamples
{
    public static EventExample Boot { get; } = new(
        """{"device_id":"sensor-42","zone_id":"warehouse-A","firmware":"v1.0"}""",
        """
        {"status":"boot_recorded","event":{"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f","type":"boot","timestamp":"2026-05-04T03:02:01Z",
        "device_id":"sensor-42","zone_id":"warehouse-A","firmware":"v1.0"}}
        """);

    public static EventExample Telemetry { get; } = new(
        """{"device_id":"sensor-42","zone_id":"warehouse-A","temperature":24.5,"humidity":45}""",
        """
        {"status":"data_received","event":{"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f","type":"telemetry","timestamp":"2026-05-04T03:02:01Z",
        "device_id":"sensor-42","zone_id":"warehouse-A","temperature":24.5,"humidity":45}}
        """);

    public static EventExample FirmwareUpdate { get; } = new(
        """{"device_id":"sensor-42","version_to":"v1.1"}""",
        """
        {"status":"update_started","event":{"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f","type":"firmware_update","timestamp":"2026-05-04T03:02:01Z",
        "device_id":"sensor-42","update_to":"v1.1"}}
        """);

    public static EventExample Alert { get; } = new(
        """{"device_id":"sensor-42","error_code":"OVERHEAT","severity":"high"}""",
        """
        {"status":"alert_logged","event":{"event_id":"0198f7a2-5c1e-7d3b-9a40-6b1f2c3d4e5f","type":"alert","timestamp":"2026-05-04T03:02:01Z",
        "device_id":"sensor-42","error_code":"OVERHEAT","severity":"high"}}
        """);
}
