using System.Text.Json;
using IotBus.Messages;
using IotBus.Testing;
using Xunit.Abstractions;

namespace IotBus.KillMatrix;

/// <summary>The batch consumer of sensor events.</summary>
public sealed class EventsTests(Servers servers, ITestOutputHelper output) : IClassFixture<Servers>
{
    private static readonly string[] Steps =
    [
        "batch: BeforeTransaction",
        "batch: after progress",
        "batch: after inbox",
        "batch: after rollups",
        "batch: after devices, before commit",
        "batch: BeforeSeries",
        "batch: BeforeOffsets",
        CommittedOffsets.Step,
    ];

    [Fact]
    public Task A_consumer_of_batches_that_is_killed_at_any_step_leaves_each_event_applied_once() => Rounds.RunAsync("events", output, RoundAsync);

    private async Task<int> RoundAsync()
    {
        await using var round = await KillRound.CreateAsync(servers, EventsHost.Scenario);
        var events = new List<SensorEvent>();
        await round.RunAsync(Steps, () => WorkAsync(round, events), async () => (await round.AllAsync("sensor_data")).Count >= events.Count);

        var expected = events.Select(given => given.EventId).Order();
        Assert.Equal(expected, (await round.AllAsync("sensor_data")).Select(row => row.GetGuid("_id")).Order());
        Assert.Equal(expected, (await round.AllAsync("inbox")).Select(row => row.GetDocument("_id").GetGuid("m")).Order());
        await Recount.AssertRollupsMatchSeriesAsync(round.Database);
        var newest = events.GroupBy(given => given.DeviceId).ToDictionary(device => device.Key, device => device.Max(given => given.Timestamp));
        Assert.Equal(newest, (await round.AllAsync("devices")).ToDictionary(row => row.GetDocument("_id").GetString("d"), row => row.GetDateTime("last_seen")));
        return round.Kills;
    }

    /// <summary>A boot and two readings; the boot is sent twice, as by a device that has not heard the answer.</summary>
    private static async Task WorkAsync(KillRound round, List<SensorEvent> events)
    {
        var device = $"sensor-{events.Count % 2}";
        var time = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 3_600 + events.Count);
        SensorEvent[] work =
        [
            new DeviceBooted { EventId = Guid.NewGuid(), Timestamp = time, DeviceId = device, ZoneId = "hall-1", Firmware = "v1" },
            Reading(device, time.AddSeconds(1)),
            Reading(device, time.AddSeconds(2)),
        ];
        events.AddRange(work);
        foreach (var given in work.Append(work[0]))
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(given, given.GetType(), MessagesJsonContext.Default);
            await round.ProduceAsync(device, json, given.EventId);
        }
    }

    private static TelemetryRecorded Reading(string device, DateTimeOffset time) =>
        new() { EventId = Guid.NewGuid(), Timestamp = time, DeviceId = device, ZoneId = "hall-1", Temperature = 20.5, Humidity = 40 };
}
