namespace IotBus.Testing;

/// <summary>The real clock, set forward or back: timers run as ever, as on a machine whose clock an operator has set.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _shift;

    /// <summary>Sets the clock, forward or, if negative, back.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));
}
