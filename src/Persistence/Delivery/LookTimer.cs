namespace IotBus.Persistence;

/// <summary>When the outbox is looked through next: the earliest that anybody asked for. Thread-safe, with one that waits.</summary>
internal sealed class LookTimer(TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sooner = new(0, 1);
    private long _next = long.MaxValue;

    /// <summary>A look begins: what is asked for from now on is for the next one.</summary>
    public void Begin()
    {
        lock (_lock)
            _next = long.MaxValue;
    }

    /// <summary>There is to be a look by then.</summary>
    public void LookIn(TimeSpan wait)
    {
        lock (_lock)
        {
            var at = After(wait);
            if (at >= _next)
                return;

            _next = at;
            if (_sooner.CurrentCount == 0)
                _sooner.Release();
        }
    }

    /// <summary>Waits so long, or less if somebody asks for it, or has since <see cref="Begin"/>.</summary>
    public async Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        LookIn(wait);
        while (!cancellationToken.IsCancellationRequested && Left() is var left && left > TimeSpan.Zero)
        {
            using var awake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var sooner = _sooner.WaitAsync(awake.Token);

            // A timer may fire a moment early; a millisecond more saves a look for nothing.
            var later = Task.Delay(left + TimeSpan.FromMilliseconds(1), time, awake.Token);
            await Task.WhenAny(sooner, later).ConfigureAwait(false);
            await awake.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(sooner, later).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _sooner.Dispose();

    private TimeSpan Left()
    {
        lock (_lock)
            return time.GetElapsedTime(time.GetTimestamp(), _next);
    }

    /// <summary>Bounded, since a message may be due in a thousand years.</summary>
    private long After(TimeSpan wait) =>
        time.GetTimestamp() + (long)(Math.Min(wait.TotalSeconds, TimeSpan.FromDays(1).TotalSeconds) * time.TimestampFrequency);
}
