using System.Text.Json.Nodes;
using IotBus.Reporting.Tests.Fleet;
using IotBus.Reporting.Tests.Service;

namespace IotBus.Reporting.Tests.Metrics;

/// <summary>Each metric with each combination of filters, against a recount of the plant's events.</summary>
public sealed class MetricFilterTests(PlantFixture plant) : IClassFixture<PlantFixture>
{
    public static TheoryData<string?, string?, string?, string?> Filters()
    {
        var filters = new TheoryData<string?, string?, string?, string?>();
        string?[] zones = [null, "hall-1", "yard", "nowhere"];
        string?[] devices = [null, "sensor-3", "sensor-11", "unknown"];
        (string?, string?)[] ranges =
        [
            (null, null),
            ("2026-05-07T05:00:00Z", null),
            (null, "2026-05-06T05:00:00"),
            ("2026-05-04T09:00:00+02:00", "2026-05-08"),
        ];
        foreach (var zone in zones)
        {
            foreach (var device in devices)
            {
                foreach (var (from, to) in ranges)
                    filters.Add(zone, device, from, to);
            }
        }

        return filters;
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Boots_equal_a_recount(string? zone, string? device, string? from, string? to)
    {
        var boots = Matching("boot", zone, device, from, to);

        var answer = await plant.Host.GetAsync("/metrics/boots" + Query(zone, device, from, to));

        Assert.Equal(boots.Count(), answer["total_device_boots"]!.GetValue<int>());
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Averages_equal_a_recount(string? zone, string? device, string? from, string? to)
    {
        var expected = Matching("telemetry", zone, device, from, to).GroupBy(e => e.Zone!).OrderBy(z => z.Key, StringComparer.Ordinal).ToArray();

        var answer = await plant.Host.GetAsync("/metrics/temperature/average-by-zone" + Query(zone, device, from, to));

        Assert.Equal(expected.Select(z => (z.Key, z.Count())), Pairs(answer, "samples"));
        foreach (var (events, average) in expected.Zip(answer.AsArray()))
        {
            Assert.Equal(events.Average(e => e.Temperature), average!["avg_temp"]!.GetValue<double>(), 1e-9);
            Assert.Equal(events.Average(e => e.Humidity), average["avg_hum"]!.GetValue<double>(), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Alerts_equal_a_recount(string? zone, string? device, string? from, string? to)
    {
        var answer = await plant.Host.GetAsync("/metrics/alerts" + Query(zone, device, from, to));

        Assert.Equal(Counts(Matching("alert", zone, device, from, to), e => e.Severity!), Pairs(answer, "count"));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Firmware_updates_equal_a_recount(string? zone, string? device, string? from, string? to)
    {
        var answer = await plant.Host.GetAsync("/metrics/firmware" + Query(zone, device, from, to));

        Assert.Equal(Counts(Matching("firmware_update", zone, device, from, to), e => e.Version!), Pairs(answer, "count"));
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Activity_equals_a_recount_of_what_arrived(string? zone, string? device, string? from, string? to)
    {
        var end = to is null ? PlantFleet.Now : FleetEvent.Utc(to);
        var start = from is null ? end.AddDays(-7) : FleetEvent.Utc(from);
        var hour = start.AddTicks(-(start.Ticks % TimeSpan.TicksPerHour));
        var expected = PlantFleet.Events.Where(e =>
            InZone(e, zone) && OfDevice(e, device) && e.IngestedAt >= hour && (to is null || e.IngestedAt < end));

        var answer = await plant.Host.GetAsync("/metrics/activity/last7days" + Query(zone, device, from, to));

        Assert.Equal(Counts(expected, e => e.IngestedAt.UtcDateTime.ToString("yyyy-MM-dd")), Pairs(answer, "events_count"));
    }

    private static IEnumerable<FleetEvent> Matching(string type, string? zone, string? device, string? from, string? to) =>
        PlantFleet.Events.Where(e => e.Type == type
            && InZone(e, zone)
            && OfDevice(e, device)
            && (from is null || e.At >= FleetEvent.Utc(from))
            && (to is null || e.At < FleetEvent.Utc(to)));

    private static bool InZone(FleetEvent e, string? zone) => zone is null || (e.Zone ?? PlantFleet.ZoneNow[e.Device]) == zone;

    private static bool OfDevice(FleetEvent e, string? device) => device is null || e.Device == device;

    private static IEnumerable<(string, int)> Counts(IEnumerable<FleetEvent> events, Func<FleetEvent, string> by) =>
        events.GroupBy(by).Select(group => (group.Key, group.Count())).OrderBy(count => count.Key, StringComparer.Ordinal);

    private static IEnumerable<(string, int)> Pairs(JsonNode answer, string count) =>
        answer.AsArray().Select(entry => (entry!["_id"]!.GetValue<string>(), entry[count]!.GetValue<int>()));

    private static string Query(string? zone, string? device, string? from, string? to)
    {
        (string Name, string? Value)[] parameters = [("zone", zone), ("device", device), ("from", from), ("to", to)];
        return "?" + string.Join("&", parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
    }
}
