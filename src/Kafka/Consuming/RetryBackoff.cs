namespace IotBus.Kafka;

/// <summary>Delays that double from a first to a longest, each with a jitter of ±20 %.</summary>
internal sealed class RetryBackoff(TimeSpan first, TimeSpan longest)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    public TimeSpan Next()
    {
        var delay = _next;
        _next = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, longest.Ticks));
#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
        return delay * (0.8 + (0.4 * Random.Shared.NextDouble()));
#pragma warning restore CA5394
    }

    public void Reset() => _next = _first;
}
