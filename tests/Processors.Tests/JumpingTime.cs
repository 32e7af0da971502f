namespace IotBus.Processors.Tests;

/// <summary>A clock that somebody sets anew, by as much again, whenever it has been read; timers and timestamps are those of another.</summary>
internal sealed class JumpingTime(TimeProvider time, TimeSpan jump) : TimeProvider
{
    private int _reads;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + (jump * Interlocked.Increment(ref _reads));

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
