namespace IotBus.Messages;

/// <summary>The values of an event's <c>type</c> member.</summary>
public static class EventTypes
{
    public const string Boot = "boot";
    public const string Telemetry = "telemetry";
    public const string FirmwareUpdate = "firmware_update";
    public const string Alert = "alert";

    public static IReadOnlyList<string> All { get; } = [Boot, Telemetry, FirmwareUpdate, Alert];
}
