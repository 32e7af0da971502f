using System.Diagnostics;

namespace IotBus.Bench.Consuming;

/// <summary>Measures one pass over a topic, from its making to the last message. Joining the group is in it, for whoever is measured. Thread-safe.</summary>
internal sealed class ConsumingClock(int count)
{
    private readonly TaskCompletionSource<ConsumingResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly long _allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
    private readonly TimeSpan _cpuBefore = Environment.CpuUsage.TotalTime;
    private int _consumed;
    private long _first;

    /// <summary>Ends when all have been consumed.</summary>
    public Task<ConsumingResult> Done => _done.Task;

    /// <summary>Counts messages that were consumed just now.</summary>
    public void Consumed(int messages)
    {
        var consumed = Interlocked.Add(ref _consumed, messages);
        if (consumed == messages)
            Volatile.Write(ref _first, Stopwatch.GetTimestamp());

        if (consumed != count)
            return;

        var elapsed = Stopwatch.GetElapsedTime(_started);
        var first = Stopwatch.GetElapsedTime(_started, Volatile.Read(ref _first));
        var cpu = Environment.CpuUsage.TotalTime - _cpuBefore;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocatedBefore;
        _done.SetResult(new ConsumingResult(count, elapsed.TotalSeconds, first.TotalSeconds, cpu.TotalSeconds, allocated));
    }
}
