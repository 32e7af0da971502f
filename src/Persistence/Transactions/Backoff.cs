namespace IotBus.Persistence;

/// <summary>
/// The pauses between attempts: 5 ms, half as long again each time, up to a second, and of that a random part, so that those that met do not meet again.
/// </summary>
internal sealed class Backoff(TimeSpan limit, TimeProvider time)
{
    private const double First = 5;
    private const double Longest = 1000;

    private readonly long _started = time.GetTimestamp();
    private double _next = First;

    /// <summary>The next pause; null once the limit has passed.</summary>
    public TimeSpan? Next()
    {
        if (time.GetElapsedTime(_started) >= limit)
            return null;

        var pause = TimeSpan.FromMilliseconds(_next * (0.5 + (Random.Shared.NextDouble() / 2)));
        _next = Math.Min(Longest, _next * 1.5);
        return pause;
    }
}
