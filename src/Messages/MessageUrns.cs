namespace IotBus.Messages;

/// <summary>The names of the message types on the wire (header <c>MT-MessageType</c>), as MassTransit makes them from a type.</summary>
public static class MessageUrns
{
    public const string DeviceBooted = "urn:message:IotBus.Messages:DeviceBooted";
    public const string TelemetryRecorded = "urn:message:IotBus.Messages:TelemetryRecorded";
    public const string FirmwareUpdateStarted = "urn:message:IotBus.Messages:FirmwareUpdateStarted";
    public const string AlertRaised = "urn:message:IotBus.Messages:AlertRaised";
    public const string FirmwareUpdateRequested = "urn:message:IotBus.Messages:FirmwareUpdateRequested";
}
