namespace IotBus.Processors.Decommissioning;

/// <summary>Settings of the section <c>Decommissioning</c>.</summary>
internal sealed class DecommissioningOptions
{
    public const string Section = "Decommissioning";

    /// <summary>
    /// How old what a Processor knows of devices that are out of service may be at most, 100 ms to 1 minute: so long after its credentials were revoked a
    /// device's late events may still be applied. It is asked for twice in that time, whatever comes in.
    /// </summary>
    public TimeSpan Staleness { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a decommission waits before it clears anything away, up to 1 hour: until no batch can be under way any more that was begun without knowing of
    /// it. At least <see cref="Staleness"/>; the longest transaction, 10 s, and some more is well.
    /// </summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(15);

    public bool IsValid => Staleness >= TimeSpan.FromMilliseconds(100) && Staleness <= TimeSpan.FromMinutes(1)
        && SettleTime >= Staleness && SettleTime <= TimeSpan.FromHours(1);
}
