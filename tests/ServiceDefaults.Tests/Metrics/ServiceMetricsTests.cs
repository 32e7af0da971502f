using IotBus.ServiceDefaults.Tests.Fixtures;
using IotBus.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IotBus.ServiceDefaults.Tests.Metrics;

/// <summary>What a service tells of itself: who it is, whether it takes work, and how its callers fare.</summary>
public sealed class ServiceMetricsTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private HealthCheckResult _store = HealthCheckResult.Healthy();
    private int _asked;

    [Fact]
    public async Task A_service_tells_its_version()
    {
        await using var service = await ServiceHost.StartAsync();

        var scrape = await service.ScrapeAsync();

        var info = Assert.Single(scrape.SeriesOf("iotbus_build_info"));
        Assert.Matches("^iotbus_build_info\\{version=\"[0-9]+\\.[0-9]+\\.[0-9]+[^\"]*\"\\}$", info);
        Assert.Equal(1, scrape[info]);
    }

    [Fact]
    public async Task Each_readiness_check_is_1_or_0()
    {
        _store = HealthCheckResult.Unhealthy("It is away.");
        await using var service = await StartAsync(builder => builder.Services.AddHealthChecks()
            .AddCheck("slow", () => HealthCheckResult.Degraded(), [ServiceDefaultsExtensions.ReadyTag]));

        var scrape = await service.ScrapeAsync();

        Assert.Equal((1, 0, 1), (
            scrape["iotbus_ready{check=\"lifetime\"}"],
            scrape["iotbus_ready{check=\"store\"}"],
            scrape["iotbus_ready{check=\"slow\"}"]));
    }

    [Fact]
    public async Task A_scrape_takes_the_answer_that_a_probe_just_got()
    {
        await using var service = await StartAsync();
        using var probe = await service.GetManagementAsync("/health/ready");

        _time.Advance(TimeSpan.FromSeconds(10));
        await service.ScrapeAsync();

        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_scrape_asks_again_when_the_last_answer_is_old()
    {
        await using var service = await StartAsync();
        Assert.Equal(1, (await service.ScrapeAsync())["iotbus_ready{check=\"store\"}"]);

        _store = HealthCheckResult.Unhealthy("It is away.");
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(0, (await service.ScrapeAsync())["iotbus_ready{check=\"store\"}"]);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Requests_of_clients_are_timed_by_route_and_status_and_those_of_probes_are_not()
    {
        await using var service = await ServiceHost.StartAsync();
        using var hello = await service.Client.GetAsync(service.Url);
        using var probe = await service.GetManagementAsync("/health/live");

        // The server measures a request when it has already answered it.
        var scrape = await Eventually.ValueAsync(service.ScrapeAsync, text => text.SeriesOf("http_server_request_duration_seconds_count").Any());

        var count = Assert.Single(scrape.SeriesOf("http_server_request_duration_seconds_count"));
        Assert.Contains("http_route=\"/\"", count, StringComparison.Ordinal);
        Assert.Contains("http_response_status_code=\"200\"", count, StringComparison.Ordinal);
        Assert.Equal(1, scrape[count]);
    }

    private Task<ServiceHost> StartAsync(Action<WebApplicationBuilder>? configure = null) => ServiceHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHealthChecks().AddCheck("store", Store, [ServiceDefaultsExtensions.ReadyTag]);
        configure?.Invoke(builder);
    });

    private HealthCheckResult Store()
    {
        Interlocked.Increment(ref _asked);
        return _store;
    }
}
