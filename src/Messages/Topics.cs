namespace IotBus.Messages;

/// <summary>The topics that events and commands travel on.</summary>
public static class Topics
{
    /// <summary>Boots, telemetry and firmware updates: one device's events stay in order.</summary>
    public const string Telemetry = "sensor-telemetry";

    /// <summary>Alerts: few, and kept longer.</summary>
    public const string Alerts = "sensor-alerts";

    /// <summary>What devices are told to do: the service commands, devices or their gateways read.</summary>
    public const string DeviceCommands = "device-commands";

    /// <summary>Where messages of a topic go that could not be applied.</summary>
    public static string DeadLetter(string topic) => topic + ".dlq";
}
