using System.Diagnostics;

namespace IotBus.Testing;

/// <summary>
/// A program on a chain: it is killed, as with <c>kill -9</c>, when it is disposed, and also when this process ends in whatever way, since the end of its standard
/// input is what kills it.
/// </summary>
internal sealed class ChainedProcess : IAsyncDisposable
{
    private const string Chain = """log=$1; shift; "$@" >>"$log" 2>&1 & read -r _; kill -KILL $! 2>/dev/null; wait""";

    private readonly Process _process;

    public ChainedProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string log)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Chain, "sh", log, program, .. arguments]) { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        _process = Process.Start(start)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
