using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.Up;

/// <summary><c>up</c> as a process of its own, on embedded servers and on ports that are free.</summary>
internal sealed partial class UpProcess : IAsyncDisposable
{
    private const int Interrupt = 2;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private UpProcess(ProcessStartInfo start, int firstPort)
    {
        start.Environment["IOTBUS_STATE"] = State;
        _process = Process.Start(start)!;
        Api = new Uri($"http://127.0.0.1:{firstPort}/");
        Reporting = new Uri($"http://127.0.0.1:{firstPort + 1}/");
        Processors = new Uri($"http://127.0.0.1:{firstPort + 4}/");
    }

    public Uri Api { get; }

    public Uri Reporting { get; }

    /// <summary>The management port of the processors.</summary>
    public Uri Processors { get; }

    /// <summary>Where it says that it runs.</summary>
    public string State { get; } = Directory.CreateTempSubdirectory("iotbus-up-").FullName;

    public int ExitCode => _process.ExitCode;

    public string Output => string.Join('\n', _output);

    /// <summary>Starts it and waits until it says that it is up.</summary>
    public static async Task<UpProcess> StartAsync(params string[] args)
    {
        while (true)
        {
            var port = FirstPort();
            var up = Start(port, [.. args, .. Ports(port)]);
            await Eventually.TrueAsync(
                () => up._process.HasExited || up.Output.Contains("IotBus is up.", StringComparison.Ordinal), TimeSpan.FromMinutes(2), () => up.Output);
            if (!up._process.HasExited)
                return up;

            await up.ExitAsync();
            Assert.Contains("is taken. Choose another one", up.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>Starts it with these arguments and waits for its end.</summary>
    public static Task<UpProcess> RunAsync(params string[] args) => RunAsync(null, args);

    /// <summary>Starts it with this store and these arguments, and waits for its end.</summary>
    public static async Task<UpProcess> RunAsync(string? mongoDbUri, string[] args)
    {
        var up = Start(0, args, mongoDbUri);
        await up.ExitAsync();
        return up;
    }

    /// <summary>The processes that it has started.</summary>
    public List<int> Children() =>
        [.. Directory.EnumerateDirectories($"/proc/{_process.Id}/task")
            .SelectMany(task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    public static bool IsRunning(int processId) => Directory.Exists($"/proc/{processId}");

    /// <summary>Sends SIGINT, as Ctrl-C does, to it and to what it has started.</summary>
    public async Task InterruptAsync()
    {
        foreach (var id in Children().Prepend(_process.Id))
            Assert.Equal(0, Kill(id, Interrupt));

        await ExitAsync();
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
        Directory.Delete(State, recursive: true);
    }

    private static UpProcess Start(int port, string[] args, string? mongoDbUri = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.DevHost, "up", .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("KAFKA_BOOTSTRAP_SERVERS");
        start.Environment["MONGODB_URI"] = mongoDbUri;
        var up = new UpProcess(start, port);
        foreach (var listen in (Action<DataReceivedEventHandler>[])[h => up._process.OutputDataReceived += h, h => up._process.ErrorDataReceived += h])
            listen((_, line) => up._output.Enqueue(line.Data ?? ""));

        up._process.BeginOutputReadLine();
        up._process.BeginErrorReadLine();
        return up;
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task ExitAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(deadline.Token);
    }

    /// <summary>Options that name ports which nothing listens on, most likely.</summary>
    public static string[] FreePorts() => Ports(FirstPort());

    private static string[] Ports(int first) => ["--port", Text(first), "--reporting-port", Text(first + 1), "--management-port", Text(first + 2), "--commands-port", Text(first + 5)];

    /// <summary>Six ports from below those that the system gives to others. Whether they are free, the process says.</summary>
    private static int FirstPort() => Random.Shared.Next(15_000, 30_000);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
