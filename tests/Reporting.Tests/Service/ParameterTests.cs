using System.Net;
using System.Text.Json.Nodes;
using IotBus.Reporting.Tests.Fleet;

namespace IotBus.Reporting.Tests.Service;

/// <summary>What is asked wrongly is answered without asking the store, which is not there in these tests.</summary>
public sealed class ParameterTests(ParameterTests.Service service) : IClassFixture<ParameterTests.Service>
{
    private const string TooLong =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    public static TheoryData<string> Metrics =>
    [
        "/metrics/boots", "/metrics/temperature/average-by-zone", "/metrics/alerts", "/metrics/activity/last7days", "/metrics/firmware",
    ];

    [Theory]
    [MemberData(nameof(Metrics))]
    public async Task A_bound_within_an_hour_is_refused_and_points_to_series(string path)
    {
        var errors = await ErrorsAsync($"{path}?from=2026-05-04T03:30:00Z&to=2026-05-05T00:00:00.001Z");

        Assert.Equal(["from", "to"], errors.Keys.Order());
        Assert.All(errors.Values, message => Assert.Contains("full hour", message));
        Assert.All(errors.Values, message => Assert.Contains("/series/{device}", message));
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public async Task Each_bad_parameter_of_a_metric_is_named(string path)
    {
        var errors = await ErrorsAsync($"{path}?from=yesterday&to=2026-13-01&zone=a%20b&device={TooLong}&form=1");

        Assert.Equal(["device", "form", "from", "to", "zone"], errors.Keys.Order());
    }

    [Theory]
    [InlineData("/metrics/boots?from=", "from", "ISO 8601")]
    [InlineData("/metrics/boots?from=2026-05-04T03:00:00+02:00", "from", "%2B")]
    [InlineData("/metrics/boots?from=2026-05-04T05:30:00%2B05:00", "from", "full hour")]
    [InlineData("/metrics/boots?from=1899-12-31", "from", "1900")]
    [InlineData("/metrics/boots?from=2026-05-04&to=2026-05-04", "from", "before to")]
    [InlineData("/metrics/boots?from=2026-05-05&to=2026-05-04", "from", "before to")]
    [InlineData("/metrics/boots?from=1777863600", "from", "ISO 8601")]
    [InlineData("/metrics/boots?From=2026-05-05", "From", "Unknown")]
    [InlineData("/metrics/boots?zone=", "zone", "1 to 128")]
    [InlineData("/metrics/boots?zone=hall-1&zone=hall-2", "zone", "more than once")]
    [InlineData("/metrics/boots?device=a/b", "device", "1 to 128")]
    [InlineData("/metrics/boots?device=sensor%001", "device", "1 to 128")]
    [InlineData("/metrics/boots?device=f%C3%BChler", "device", "1 to 128")]
    [InlineData("/devices?limit=0", "limit", "1 to 1000")]
    [InlineData("/devices?limit=1001", "limit", "1 to 1000")]
    [InlineData("/devices?limit=-1", "limit", "1 to 1000")]
    [InlineData("/devices?limit=10.0", "limit", "1 to 1000")]
    [InlineData("/devices?limit=99999999999999999999", "limit", "1 to 1000")]
    [InlineData("/devices?limit=", "limit", "1 to 1000")]
    [InlineData("/devices?after=a%20b", "after", "1 to 128")]
    [InlineData("/devices?firmware=%24ne", "firmware", "1 to 128")]
    [InlineData("/devices?seen_since=now", "seen_since", "ISO 8601")]
    [InlineData("/devices?zone=%7B%7D", "zone", "1 to 128")]
    [InlineData("/devices?from=2026-05-05", "from", "Unknown parameter: there are zone, firmware, seen_since, limit, after.")]
    [InlineData("/devices/a%20b", "id", "1 to 128")]
    [InlineData("/devices/sensor-1?zone=a", "zone", "Unknown")]
    [InlineData("/series/a%20b", "device", "1 to 128")]
    [InlineData("/series/a?zone=hall-1", "zone", "Unknown")]
    [InlineData("/series/a?bucket=", "bucket", "10s")]
    [InlineData("/series/a?bucket=5", "bucket", "10s")]
    [InlineData("/series/a?bucket=m", "bucket", "10s")]
    [InlineData("/series/a?bucket=0m", "bucket", "10s")]
    [InlineData("/series/a?bucket=-5m", "bucket", "10s")]
    [InlineData("/series/a?bucket=1.5h", "bucket", "10s")]
    [InlineData("/series/a?bucket=1w", "bucket", "10s")]
    [InlineData("/series/a?bucket=32d", "bucket", "31d")]
    [InlineData("/series/a?bucket=99999999999d", "bucket", "31d")]
    [InlineData("/series/a?bucket=10s", "bucket", "2000")]
    [InlineData("/series/a?from=2026-05-01T00:00:00Z&to=2026-05-01T00:33:21Z&bucket=1s", "bucket", "2000")]
    [InlineData("/series/a?from=2026-04-01&to=2026-05-02T00:00:01Z", "from", "31 days")]
    [InlineData("/series/a?from=2026-04-01", "from", "31 days")]
    [InlineData("/series/a?from=2026-05-11", "from", "before now")]
    [InlineData("/series/a?from=2026-05-04&to=2026-05-04", "from", "before to")]
    [InlineData("/series/a?from=x&to=9999-12-31", "from", "ISO 8601")]
    public async Task A_bad_parameter_is_named_with_its_rule(string path, string parameter, string rule)
    {
        var errors = await ErrorsAsync(path);

        Assert.Equal([parameter], errors.Keys);
        Assert.Contains(rule, errors[parameter]);
    }

    [Theory]
    [InlineData("/metrics/boots?from=2026-05-04T03:00:00Z&to=9999-12-31")]
    [InlineData("/metrics/activity/last7days?to=1900-01-01")]
    [InlineData("/metrics/boots?from=2026-05-04T03:00&to=2026-05-04T03:00:00-01:00&zone=A&device=a._:-Z")]
    [InlineData("/devices?limit=1000&after=a&zone=b&firmware=1.0&seen_since=2026-05-04T03:02:01.1234567Z")]
    [InlineData("/series/a?from=1900-01-01&to=1900-01-02&bucket=1m")]
    [InlineData("/series/a?from=2026-04-01&to=2026-05-02")]
    [InlineData("/series/a?from=2026-05-01T00:00:00Z&to=2026-05-01T00:33:20Z&bucket=1s")]
    public async Task Parameters_at_their_bounds_go_on_to_the_store(string path)
    {
        using var answer = await service.Host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    private async Task<Dictionary<string, string>> ErrorsAsync(string path)
    {
        using var answer = await service.Host.Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{answer.StatusCode} {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(body)!["errors"]!.AsObject().ToDictionary(error => error.Key, error => Assert.Single(error.Value!.AsArray())!.GetValue<string>());
    }

    public sealed class Service : IAsyncLifetime
    {
        private ReportingHost _host = null!;

        internal ReportingHost Host => _host;

        public async Task InitializeAsync() => _host = await ReportingHost.StartAsync(
            "mongodb://127.0.0.1:1/?directConnection=true",
            time: new StandingTime(PlantFleet.Now),
            settings: ("MongoDb:ServerSelectionTimeout", "00:00:00.200"));

        public async Task DisposeAsync() => await _host.DisposeAsync();
    }
}
