namespace IotBus.EndToEnd;

/// <summary>An outage's length is a duration, not a condition to wait for.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(duration);
        await timer.WaitForNextTickAsync(cancellationToken);
    }
}
