using System.Runtime.InteropServices;

namespace IotBus.Bench.Soak;

/// <summary>Writes reports to standard output, each at once: when this returns, they survive the process. Thread-safe.</summary>
internal sealed class ReportWriter : IDisposable
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Lock _lock = new();

    public void Write(params ReadOnlySpan<SoakReport> reports)
    {
        lock (_lock)
            _output.Write(MemoryMarshal.AsBytes(reports));
    }

    /// <summary>Tells the size of the heap once a second, until it is cancelled.</summary>
    public async Task TellHeapAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Write(new SoakReport(ReportKind.Heap, 0, 0, GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes));
        }
        catch (OperationCanceledException)
        {
            // Told to end.
        }
    }

    public void Dispose() => _output.Dispose();
}
