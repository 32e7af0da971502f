using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using IotBus.Bench.Processes;

namespace IotBus.Bench.Applying;

/// <summary>The MongoDB stand-in as a process of its own.</summary>
internal sealed class DevMongoProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private DevMongoProcess(ChildProcess process, int port)
    {
        _process = process;
        Uri = $"mongodb://127.0.0.1:{port}/?directConnection=true";
    }

    public string Uri { get; }

    public TimeSpan CpuTime => _process.CpuTime;

    public static async Task<DevMongoProcess> StartAsync(CancellationToken cancellationToken)
    {
        var directory = typeof(DevMongoProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "DevMongoDirectory").Value!;
        var process = Start(Path.Combine(directory, "devmongo.mjs"));
        try
        {
            using var ready = JsonDocument.Parse(await process.ReadLineAsync(cancellationToken));
            process.IgnoreOutput();
            return new DevMongoProcess(process, ready.RootElement.GetProperty("port").GetInt32());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static ChildProcess Start(string program)
    {
        try
        {
            return ChildProcess.Start("node", [program, "--exit-with-parent"]);
        }
        catch (Win32Exception)
        {
            throw new BenchException("this benchmark needs Node.js 20 or newer for the MongoDB stand-in.");
        }
    }
}
