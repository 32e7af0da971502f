using System.Diagnostics;

namespace IotBus.Bench.Processes;

/// <summary>A process of the benchmark's own. It is killed when this is disposed, whatever it is doing.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private Task _ignoring = Task.CompletedTask;

    private ChildProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Its standard output, for what is no text.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>User and system time of all its threads until now.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a .NET application that lies beside this one, such as <c>IotBus.Api.dll</c>.</summary>
    public static ChildProcess StartDotNet(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null) =>
        Start(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments],
            settings);

    /// <summary>Starts this application in another of its roles.</summary>
    public static ChildProcess StartRole(string role, params string[] arguments) =>
        StartDotNet($"{typeof(ChildProcess).Assembly.GetName().Name}.dll", [role, .. arguments]);

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;

        return new ChildProcess(Process.Start(start)!);
    }

    public async Task WriteLineAsync(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <summary>The next line of its standard output.</summary>
    /// <exception cref="BenchException">It ended instead.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw await FailureAsync(cancellationToken);

    /// <summary>Ends it at once (SIGKILL). What it had written can still be read.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Reads on without looking, so that what it writes never blocks it.</summary>
    public void IgnoreOutput() => _ignoring = IgnoreAsync();

    /// <summary>Its whole standard output, once it has ended.</summary>
    /// <exception cref="BenchException">It ended with an error.</exception>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode == 0 ? output : throw await FailureAsync(cancellationToken);
    }

    /// <summary>What to say of a process that ended by itself.</summary>
    public async Task<BenchException> FailureAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        lock (_lastLines)
            return new BenchException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} ended with {_process.ExitCode}:\n{string.Join('\n', _lastLines)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        await _ignoring;
        _process.Dispose();
    }

    private async Task IgnoreAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            Keep(line);
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > KeptLines)
                _lastLines.Dequeue();
        }
    }
}
