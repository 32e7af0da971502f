using System.Diagnostics;

namespace IotBus.Kafka;

/// <summary>
/// Tells how long ago a consumer was surely a member of its group. That it polls is not enough: a process that was stopped polls at once
/// when it goes on, though the group may have given its partitions away meanwhile; and a network that is cut leaves polling undisturbed. So
/// a poll after a long gap counts only once the group's coordinator has answered again, by when a loss has been reported too; and a
/// coordinator that is silent for longer than usual counts by itself.
/// </summary>
/// <param name="longGap">A gap between polls that heartbeats might not have bridged: half the session timeout.</param>
/// <param name="usualSilence">How long nothing is heard of the coordinator in good health: the interval of heartbeats and that of
/// statistics.</param>
/// <param name="timestamp">For tests; <see cref="Stopwatch.GetTimestamp"/> otherwise.</param>
internal sealed class PollClock(TimeSpan longGap, TimeSpan usualSilence, Func<long>? timestamp = null)
{
    private readonly Func<long> _now = timestamp ?? Stopwatch.GetTimestamp;
    private long _polled = (timestamp ?? Stopwatch.GetTimestamp)();
    private long _answered = (timestamp ?? Stopwatch.GetTimestamp)();

    // The last poll before a gap that no answer has bridged yet; 0 when there is none.
    private long _beforeGap;
    private long _afterGap;

    /// <summary>May be read by any thread.</summary>
    public TimeSpan Age
    {
        get
        {
            // In this order: a poll after a gap is written after the gap itself.
            var polled = Volatile.Read(ref _polled);
            var beforeGap = Volatile.Read(ref _beforeGap);
            var now = _now();
            var sincePoll = Stopwatch.GetElapsedTime(beforeGap != 0 ? beforeGap : polled, now);
            var silence = Stopwatch.GetElapsedTime(Volatile.Read(ref _answered), now) - usualSilence;
            return sincePoll > silence ? sincePoll : silence;
        }
    }

    /// <summary>Called by the poll thread.</summary>
    public void Polled()
    {
        var now = _now();
        if (_beforeGap == 0 && Stopwatch.GetElapsedTime(_polled, now) > longGap)
        {
            _afterGap = now;
            Volatile.Write(ref _beforeGap, _polled);
        }

        Volatile.Write(ref _polled, now);
    }

    /// <summary>The coordinator answered so long ago. Called by the poll thread.</summary>
    public void Answered(TimeSpan ago)
    {
        var answered = _now() - (long)(ago.TotalSeconds * Stopwatch.Frequency);
        Volatile.Write(ref _answered, answered);
        if (answered > _afterGap)
            Volatile.Write(ref _beforeGap, 0);
    }
}
