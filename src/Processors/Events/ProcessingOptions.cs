namespace IotBus.Processors.Events;

/// <summary>Settings of the section <c>Processing</c>.</summary>
public sealed class ProcessingOptions
{
    public const string Section = "Processing";

    /// <summary>The consumer group, and the consumer's name in <c>progress</c> and <c>inbox</c>.</summary>
    public string Group { get; set; } = "iotbus-processors";

    /// <summary>The consumer group that follows the devices of firmware rollouts.</summary>
    public string RolloutGroup { get; set; } = "iotbus-rollouts";

    /// <summary>Messages applied in one transaction at most, 1–20,000.</summary>
    public int BatchSize { get; set; } = 2_000;

    /// <summary>How long an <c>event_id</c> is remembered, so that a device may send it again. At least one hour.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromHours(48);

    /// <summary>How long readings stay in the series. At least one hour.</summary>
    public TimeSpan SeriesRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Within how long an insert into the series must be with the server, and how long that may then work on it. A consumer that takes a partition over
    /// waits twice this long before it fills in what its predecessor may still be inserting. At least 100 ms, and at most a quarter of the session timeout
    /// is used.
    /// </summary>
    public TimeSpan InsertTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Without a heartbeat for so long the group gives a consumer's partitions to others, 6 s–30 min. Half of it is the time a consumer has from its last
    /// sign of membership to its insert into the series, and that sign is up to 2.6 s old at 6 s: a shorter one would give up batches in good health.
    /// </summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>A name that stays with a replica across restarts (a StatefulSet's pod), so that a quick restart causes no rebalance. None by default.</summary>
    public string? InstanceId { get; set; }
}
