namespace IotBus.Api.Batches;

/// <summary>The configuration section <c>Batches</c>.</summary>
internal sealed class BatchOptions
{
    /// <summary>Events of one batch that may wait for Kafka at a time, at least one. Reading goes on meanwhile, and waits when so many do.</summary>
    public int MaxInFlight { get; set; } = 4_096;

    /// <summary>Rejected lines that an answer describes; the rest is only counted.</summary>
    public int MaxErrors { get; set; } = 1_000;
}
