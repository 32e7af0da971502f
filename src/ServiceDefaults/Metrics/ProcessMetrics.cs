using System.Diagnostics;

namespace IotBus.ServiceDefaults.Metrics;

/// <summary>The process and its runtime, under the names that Prometheus' own clients use.</summary>
internal static class ProcessMetrics
{
    public static void Write(Exposition exposition)
    {
        using var process = Process.GetCurrentProcess();
        Counter(exposition, "process_cpu_seconds_total", "User and system CPU time, seconds.", process.TotalProcessorTime.TotalSeconds);
        Gauge(exposition, "process_resident_memory_bytes", "Resident memory.", process.WorkingSet64);
        Gauge(exposition, "process_start_time_seconds", "Start of the process, seconds since 1970.", StartTime(process));
        Gauge(exposition, "process_num_threads", "Operating system threads.", process.Threads.Count);

        exposition.Header("dotnet_gc_collections_total", "Garbage collections by generation.", MetricKind.Counter);
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            exposition.Sample("dotnet_gc_collections_total", $"generation=\"{generation}\"", GC.CollectionCount(generation));

        Counter(exposition, "dotnet_gc_pause_seconds_total", "Time the runtime was paused for garbage collection, seconds.", GC.GetTotalPauseDuration().TotalSeconds);
        Counter(exposition, "dotnet_gc_allocated_bytes_total", "Bytes allocated on the managed heap.", GC.GetTotalAllocatedBytes());
        Gauge(exposition, "dotnet_gc_heap_bytes", "Managed heap in use.", GC.GetTotalMemory(forceFullCollection: false));
        Gauge(exposition, "dotnet_threadpool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        Gauge(exposition, "dotnet_threadpool_queue_length", "Work items waiting for a thread of the pool.", ThreadPool.PendingWorkItemCount);
        Counter(exposition, "dotnet_lock_contentions_total", "Times a lock was contended.", Monitor.LockContentionCount);
    }

    private static double StartTime(Process process) =>
        new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;

    private static void Counter(Exposition exposition, string name, string help, double value)
    {
        exposition.Header(name, help, MetricKind.Counter);
        exposition.Sample(name, "", value);
    }

    private static void Gauge(Exposition exposition, string name, string help, double value)
    {
        exposition.Header(name, help, MetricKind.Gauge);
        exposition.Sample(name, "", value);
    }
}
