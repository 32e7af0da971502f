using IotBus.Bench.Processes;

namespace IotBus.Bench.Ingestion;

/// <summary>The Api as a process of its own, with a gateway's key whose limit no machine reaches.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    public const string Key = "bench-gateway";

    private ApiProcess(ChildProcess process, Uri url)
    {
        Process = process;
        Url = url;
    }

    public Uri Url { get; }

    public ChildProcess Process { get; }

    public static async Task<ApiProcess> StartAsync(string bootstrapServers, CancellationToken cancellationToken)
    {
        var (url, management) = (LocalPort.FreeUrl(), LocalPort.FreeUrl());
        var process = ChildProcess.StartDotNet("IotBus.Api.dll", [], new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url.ToString(),
            ["Management:Url"] = management.ToString(),
            ["Kafka:BootstrapServers"] = bootstrapServers,
            ["Edge:Consumers:0:Username"] = "bench",
            ["Edge:Consumers:0:Group"] = "gateway",
            ["Edge:Consumers:0:Keys:0"] = Key,
            ["Edge:Consumers:0:RequestsPerSecond"] = "1000000000",
        });
        process.IgnoreOutput();
        try
        {
            await HttpService.WaitAsync(process, new Uri(management, "health/live"), cancellationToken);
            return new ApiProcess(process, url);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
