using System.Runtime.InteropServices;

namespace IotBus.Bench.Soak;

/// <summary>What a process tells of.</summary>
internal enum ReportKind
{
    /// <summary>A consumer was handed messages of consecutive numbers.</summary>
    Seen,

    /// <summary>The producer's messages of a partition are acknowledged up to the last of these.</summary>
    Acknowledged,

    /// <summary>The managed heap after the last collection, in bytes, as <see cref="SoakReport.First"/>.</summary>
    Heap,
}

/// <summary>A line of a process's output, in bytes: a kill loses none that was written, and leaves no half of one.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct SoakReport(ReportKind Kind, int Partition, int Count, long First)
{
    /// <summary>Bytes of one.</summary>
    public static readonly int Size = Marshal.SizeOf<SoakReport>();
}
