using System.IO.Pipelines;
using System.Runtime.InteropServices;
using IotBus.Bench.Soak;

namespace IotBus.Bench.Tests.Soak;

public sealed class ReportReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Reports_are_read_however_the_bytes_are_cut(int chunk)
    {
        SoakReport[] written =
            [.. Enumerable.Range(0, 50).Select(number => new SoakReport(ReportKind.Seen, number % 3, number, number * 10_000_000_000))];
        var pipe = new Pipe();
        List<SoakReport> read = [];

        var reading = ReportReader.ReadAsync(pipe.Reader.AsStream(), read.Add, CancellationToken.None);
        foreach (var bytes in MemoryMarshal.AsBytes<SoakReport>(written).ToArray().Chunk(chunk))
            await pipe.Writer.WriteAsync(bytes);

        await pipe.Writer.CompleteAsync();
        await reading;

        Assert.Equal(written, read);
    }
}
