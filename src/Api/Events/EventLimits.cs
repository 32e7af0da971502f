namespace IotBus.Api.Events;

/// <summary>The bounds of what a request may carry.</summary>
internal static class EventLimits
{
    /// <summary>Bytes of one event's JSON, alone or as a line of a batch.</summary>
    public const int MaxEventBytes = 16 * 1024;

    /// <summary>Bytes of a batch.</summary>
    public const int MaxBatchBytes = 8 * 1024 * 1024;

    /// <summary>Lines of a batch that are not blank; blank ones cost next to nothing and are bounded by <see cref="MaxBatchBytes"/>.</summary>
    public const int MaxBatchEvents = 50_000;
}
