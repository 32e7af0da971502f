namespace IotBus.Bench.Soak;

/// <summary>The memory of the processes that live through a soak. Not thread-safe.</summary>
internal sealed class SoakMemory
{
    private readonly Dictionary<string, (MemorySeries Resident, MemorySeries Heap)> _series = [];

    public void Add(string name, TimeSpan at, SoakProcess process)
    {
        if (!_series.TryGetValue(name, out var series))
            _series[name] = series = (new MemorySeries(), new MemorySeries());

        if (process.Memory is not var (resident, heap))
            return;

        series.Resident.Add(at, resident);
        series.Heap.Add(at, heap);
    }

    public IReadOnlyList<MemorySlopes> SlopesFrom(TimeSpan from) => [.. _series.Select(one => new MemorySlopes(
        one.Key, one.Value.Resident.Last, one.Value.Resident.SlopeFrom(from), one.Value.Heap.Last, one.Value.Heap.SlopeFrom(from)))];

    /// <summary>The last samples, for people.</summary>
    public override string ToString() =>
        string.Join(", ", _series.Select(one => $"{one.Key} {one.Value.Resident.Last:0} MiB (heap {one.Value.Heap.Last:0})"));
}

/// <summary>How a process's memory grew, in MiB and MiB a minute.</summary>
/// <param name="Process">Which.</param>
/// <param name="Resident">Its resident set at the end.</param>
/// <param name="ResidentSlope">The slope of that.</param>
/// <param name="Heap">Its managed heap at the end, as it was after a collection.</param>
/// <param name="HeapSlope">The slope of that.</param>
internal sealed record MemorySlopes(string Process, double Resident, double ResidentSlope, double Heap, double HeapSlope);
