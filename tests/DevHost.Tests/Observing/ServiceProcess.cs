using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.Observing;

/// <summary>A service as it runs in a cluster: a process of its own, so that it tells nothing of the others.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ServiceProcess(Process process) => _process = process;

    /// <summary>Where it listens, as it says: its own address first, if it has one, and the management port last.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <param name="assembly">Such as <c>IotBus.Api</c>.</param>
    /// <param name="addresses">How many addresses it listens on.</param>
    /// <param name="settings">The command line.</param>
    public static async Task<ServiceProcess> StartAsync(string assembly, int addresses, params IEnumerable<string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var service = new ServiceProcess(Process.Start(start)!);
        service._process.OutputDataReceived += (_, line) => service._output.Enqueue(line.Data ?? "");
        service._process.ErrorDataReceived += (_, line) => service._output.Enqueue(line.Data ?? "");
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        try
        {
            await Eventually.TrueAsync(
                () => (service.Addresses = service.Told()).Count == addresses || service._process.HasExited, TimeSpan.FromMinutes(1), service.Output);
            Assert.False(service._process.HasExited, service.Output());
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string Output() => string.Join('\n', _output);

    private List<Uri> Told() => [.. ListeningOn().Matches(Output()).Select(match => new Uri(match.Groups["url"].Value)).Distinct()];

    [GeneratedRegex("Now listening on: (?<url>http://[0-9.:]+)")]
    private static partial Regex ListeningOn();
}
