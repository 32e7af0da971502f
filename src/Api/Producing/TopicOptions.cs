using IotBus.Messages;

namespace IotBus.Api.Producing;

/// <summary>The configuration section <c>Topics</c>.</summary>
internal sealed class TopicOptions
{
    public const string Section = "Topics";

    /// <summary>Boots, telemetry and firmware updates.</summary>
    public TopicSettings Telemetry { get; set; } = new() { Name = Topics.Telemetry, Partitions = 3, Retention = TimeSpan.FromDays(7), Compression = "lz4" };

    /// <summary>Alerts: few, and kept longer.</summary>
    public TopicSettings Alerts { get; set; } = new() { Name = Topics.Alerts, Partitions = 2, Retention = TimeSpan.FromDays(30) };

    /// <summary>Commands to devices: who reads them reads them soon. It has no dead letters, and nothing is produced to it here.</summary>
    public TopicSettings Commands { get; set; } = new() { Name = Topics.DeviceCommands, Partitions = 3, Retention = TimeSpan.FromDays(7) };

    /// <summary>
    /// How many replicas must have an alert before it is acknowledged: two where there are three or more, if nothing else is set. With fewer the brokers'
    /// own default stays, since one broker that is away would then refuse every alert.
    /// </summary>
    public int? AlertsInsync => Alerts.MinInsyncReplicas ?? (Alerts.ReplicationFactor >= 3 ? 2 : null);
}

/// <summary>One topic, as it is created when it is missing. One that exists is left as it is.</summary>
internal sealed class TopicSettings
{
    public required string Name { get; set; }

    public required int Partitions { get; set; }

    /// <summary>How many brokers hold each partition; null leaves it to the brokers' default.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>
    /// How many of them must have an event before it is acknowledged. Null leaves it to the brokers' default; for alerts see
    /// <see cref="TopicOptions.AlertsInsync"/>.
    /// </summary>
    public int? MinInsyncReplicas { get; set; }

    public TimeSpan Retention { get; set; }

    /// <summary>The topic's <c>compression.type</c>; null keeps what producers choose.</summary>
    public string? Compression { get; set; }
}
