using System.Diagnostics;

namespace IotBus.Kafka;

/// <summary>
/// Tells how long ago a consumer was surely a member of its group: the older of its last poll and of the last answer of the group's coordinator. The
/// second matters after the process was stopped: it polls again at once, but only an answer tells whether the group has given its partitions away meanwhile, and by then
/// the loss has been reported too.
/// </summary>
internal sealed class PollClock
{
    private long _polled = Stopwatch.GetTimestamp();
    private long _answered = Stopwatch.GetTimestamp();

    public TimeSpan Age => Stopwatch.GetElapsedTime(Math.Min(Volatile.Read(ref _polled), Volatile.Read(ref _answered)));

    public void Polled() => Volatile.Write(ref _polled, Stopwatch.GetTimestamp());

    /// <summary>The coordinator answered so long ago.</summary>
    public void Answered(TimeSpan ago) =>
        Volatile.Write(ref _answered, Stopwatch.GetTimestamp() - (long)(ago.TotalSeconds * Stopwatch.Frequency));
}
