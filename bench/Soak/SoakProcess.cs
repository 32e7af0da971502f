using System.Globalization;
using IotBus.Bench.Processes;

namespace IotBus.Bench.Soak;

/// <summary>A process that reports, from its start to its end. One that ends by itself too early fails the soak.</summary>
internal sealed class SoakProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly bool _mayEnd;
    private long _heap;
    private volatile bool _killed;

    /// <param name="process">The process, just started.</param>
    /// <param name="report">Gets its reports, one at a time.</param>
    /// <param name="mayEnd">Whether it may end by itself, without an error.</param>
    public SoakProcess(ChildProcess process, Action<SoakReport> report, bool mayEnd = false)
    {
        (_process, _mayEnd) = (process, mayEnd);
        Ended = ReadAsync(report);
    }

    /// <summary>Ends with the process, when all its reports are read; fails if it should not have ended.</summary>
    public Task Ended { get; }

    public (long Resident, long Heap)? Memory => Resident() is { } resident ? (resident, Volatile.Read(ref _heap)) : null;

    /// <summary>Writes a line to its input; to nobody if it has ended in good order meanwhile.</summary>
    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WriteLineAsync(line, cancellationToken);
        }
        catch (IOException)
        {
            await Ended;
        }
    }

    /// <summary>Kills it (SIGKILL), and reads what it had reported before.</summary>
    public async ValueTask DisposeAsync()
    {
        _killed = true;
        if (!_process.HasExited)
            _process.Kill();

        // How it ended is told to whoever waits for that.
        await Task.WhenAny(Ended);
        await _process.DisposeAsync();
    }

    private async Task ReadAsync(Action<SoakReport> report)
    {
        await ReportReader.ReadAsync(
            _process.Output,
            one =>
            {
                if (one.Kind == ReportKind.Heap)
                    Volatile.Write(ref _heap, one.First);
                else
                    report(one);
            },
            CancellationToken.None);
        if (_killed)
            return;

        if (!_mayEnd)
            throw await _process.FailureAsync(CancellationToken.None);

        await _process.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Null once it has ended, which the system may tell in any of these ways before it tells us.</summary>
    private long? Resident()
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{_process.Id}/status"))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                    return long.Parse(line[6..^2], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
            }
        }
        catch (IOException)
        {
            // It has no entry any more, or lost it while it was read.
        }

        return null;
    }
}
