using System.IO.Compression;
using System.Text;
using IotBus.DevHost.Replay;
using IotBus.DevHost.Terminal;

namespace IotBus.DevHost.Tests.Replay;

/// <summary>Replays a text as a file to a system and keeps what a person would have read.</summary>
internal static class ReplayRun
{
    public const string Header = "timestamp_ms,device_id,zone_id,temperature,humidity\n";

    public static async Task<(int ExitCode, string Output)> RunAsync(
        FakeSystem system, string content, Func<ReplayOptions, ReplayOptions>? change = null, CancellationToken cancellationToken = default)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(content), CancellationToken.None);
            return await RunFileAsync(system.Url, path, change, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static async Task<(int ExitCode, string Output)> RunFileAsync(
        Uri url, string path, Func<ReplayOptions, ReplayOptions>? change = null, CancellationToken cancellationToken = default)
    {
        var options = new ReplayOptions { File = path, Speed = null, Api = url, Reporting = url, Processors = url };
        var output = new StringWriter();
        using var http = new HttpClient();
        var line = new LiveLine(output, inPlace: false, TimeSpan.FromSeconds(5), TimeProvider.System);
        var command = new ReplayCommand(change?.Invoke(options) ?? options, http, output, line, TimeProvider.System);
        var exitCode = await command.RunAsync(cancellationToken);
        return (exitCode, output.ToString());
    }

    /// <summary>Rows of several devices, a second apart.</summary>
    public static string Rows(int count, int devices = 3) =>
        Header + string.Concat(Enumerable.Range(0, count).Select(i => $"{1458031648545 + (1000L * i)},node-{i % devices},hall,{20 + (i % 5)},{i % 100}\n"));

    public static async Task<string> GzipAsync(string content)
    {
        var path = Path.GetTempFileName();
        await using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        await gzip.WriteAsync(Encoding.UTF8.GetBytes(content));
        return path;
    }
}
