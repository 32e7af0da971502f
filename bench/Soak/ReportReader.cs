using System.Runtime.InteropServices;

namespace IotBus.Bench.Soak;

/// <summary>Reads the reports of a process until its output ends.</summary>
internal static class ReportReader
{
    public static async Task ReadAsync(Stream output, Action<SoakReport> report, CancellationToken cancellationToken)
    {
        var buffer = new byte[SoakReport.Size * 1_000];
        var kept = 0;
        while (await output.ReadAsync(buffer.AsMemory(kept), cancellationToken) is > 0 and var read)
        {
            var whole = (kept + read) / SoakReport.Size * SoakReport.Size;
            Tell(buffer.AsSpan(0, whole), report);
            kept += read - whole;
            buffer.AsSpan(whole, kept).CopyTo(buffer);
        }
    }

    private static void Tell(ReadOnlySpan<byte> bytes, Action<SoakReport> report)
    {
        foreach (var one in MemoryMarshal.Cast<byte, SoakReport>(bytes))
            report(one);
    }
}
