using System.Collections.Concurrent;
using System.Diagnostics;

namespace IotBus.KillMatrix;

/// <summary>The host as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>What a process ends with that SIGKILL has ended: 128 and the signal's number.</summary>
    private const int Killed = 128 + 9;

    /// <summary>Of no importance while all is well; a machine that works on other things too may take long to start a host.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(10);

    private readonly ConcurrentQueue<string> _output = [];
    private readonly Process _process;

    private HostProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    /// <param name="settings">Its command line.</param>
    public static HostProcess Start(params IEnumerable<(string Name, string Value)> settings) => new(
        new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "IotBus.KillMatrix.Host.dll"), .. settings.Select(setting => $"--{setting.Name}={setting.Value}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });

    /// <summary>Returns when it has died at its step.</summary>
    /// <exception cref="InvalidOperationException">It has not come there in time, or ended otherwise.</exception>
    public async Task DiedAsync(string step)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"The step '{step}' was not reached within {Patience}.\n{Output}");
        }

        // Its output is whole by now. A line of the log may still have come behind its last words.
        if (_process.ExitCode != Killed || !_output.Contains(Death.WordsAt(step)))
            throw new InvalidOperationException($"The host ended with {_process.ExitCode} before the step '{step}'.\n{Output}");
    }

    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public void AssertRuns()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The host ended with {_process.ExitCode}, and was to go on.\n{Output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
