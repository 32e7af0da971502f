using System.Text;
using IotBus.DevHost.Up;
using IotBus.Testing;

namespace IotBus.DevHost.Tests.Observing;

/// <summary>Alerts and dashboards name metrics; <c>docs/metrics.json</c> lists those that there are, as the running services tell them.</summary>
public sealed class MetricCatalogueTests
{
    private const string Update = "IOTBUS_UPDATE_METRICS";
    private const string Key = "catalogue-key";

    private static readonly HttpClient Http = new() { DefaultRequestHeaders = { { "apikey", Key } } };

    [Fact]
    public async Task The_committed_catalogue_is_what_the_services_export()
    {
        var path = Repository.Path("docs/metrics.json");
        var exported = await ExportedAsync();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(path, exported);

        var committed = await File.ReadAllTextAsync(path);

        Assert.True(
            committed == exported,
            $"docs/metrics.json is not what the services export. When the change is meant: {Update}=1 ./iotbus test DevHost --filter FullyQualifiedName~MetricCatalogue. Exported:\n{exported}");
    }

    private static async Task<string> ExportedAsync()
    {
        await using var servers = await Servers.StartAsync(null, null, CancellationToken.None);
        string[] settings =
        [
            "--urls=http://127.0.0.1:0",
            "--Management:Url=http://127.0.0.1:0",
            $"--Kafka:BootstrapServers={servers.KafkaBootstrapServers}",
            $"--MongoDb:Uri={servers.MongoDbUri}",
            "--Edge:Consumers:0:Username=catalogue",
            "--Edge:Consumers:0:Group=gateway",
            $"--Edge:Consumers:0:Keys:0={Key}",
        ];
        await using var api = await ServiceProcess.StartAsync("IotBus.Api", 2, settings);
        await using var processors = await ServiceProcess.StartAsync("IotBus.Processors", 2, settings);
        await using var reporting = await ServiceProcess.StartAsync("IotBus.Reporting", 2, settings);
        await UseAsync(api, reporting);

        // What appears only with the first event must be there before the catalogue is taken.
        var catalogue = new MetricCatalogue();
        catalogue.Add("api", await ScrapeAsync(api, "http_server_request_duration_seconds_count", "iotbus_produce_seconds_count"));
        catalogue.Add("processors", await ScrapeAsync(
            processors,
            "iotbus_consumer_lag",
            "iotbus_consumer_rebalances_total",
            "iotbus_consumer_commit_seconds_count",
            "iotbus_apply_seconds_count",
            "iotbus_event_age_seconds_count"));
        catalogue.Add("reporting", await ScrapeAsync(reporting, "http_server_request_duration_seconds_count"));
        return catalogue.ToString();
    }

    /// <summary>One event that is taken, and one question about it.</summary>
    private static async Task UseAsync(ServiceProcess api, ServiceProcess reporting)
    {
        const string Event = """{"device_id":"press-1","zone_id":"hall-1","temperature":21.5,"humidity":40}""";
        await Eventually.TrueAsync(async () =>
        {
            using var body = new StringContent(Event, Encoding.UTF8, "application/json");
            using var answer = await Http.PostAsync(new Uri(api.Addresses[0], "/event/telemetry"), body);
            return answer.IsSuccessStatusCode;
        });
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await Http.GetAsync(new Uri(reporting.Addresses[0], "/devices/press-1"));
            return answer.IsSuccessStatusCode;
        });
    }

    private static Task<string> ScrapeAsync(ServiceProcess service, params string[] names) => Eventually.ValueAsync(
        () => Http.GetStringAsync(new Uri(service.Addresses[^1], "/metrics")),
        text => Array.TrueForAll(names, name => text.Contains($"\n{name}", StringComparison.Ordinal)),
        TimeSpan.FromMinutes(1));
}
