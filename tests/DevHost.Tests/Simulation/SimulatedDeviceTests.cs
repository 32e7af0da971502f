using System.Text.Json;
using IotBus.DevHost.Simulation;

namespace IotBus.DevHost.Tests.Simulation;

public sealed class SimulatedDeviceTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_device_boots_first() => Assert.Equal("event/boot", Device(1).Next(Now).Path);

    [Fact]
    public void A_device_sends_all_four_kinds_of_events()
    {
        Assert.Equal(
            ["event/alert", "event/boot", "event/firmware_update", "event/telemetry"],
            Events(1, 2_000).Select(sent => sent.Path).Distinct().Order());
    }

    [Fact]
    public void A_device_that_is_told_to_installs_the_version_and_boots_with_it()
    {
        var device = Device(1);
        device.Next(Now);

        device.Obey("2.0.0");

        var (update, boot) = (device.Next(Now), device.Next(Now));
        Assert.Equal(("event/firmware_update", "event/boot"), (update.Path, boot.Path));
        Assert.Contains("\"version_to\":\"2.0.0\"", update.Body, StringComparison.Ordinal);
        Assert.Contains("\"firmware\":\"2.0.0\"", boot.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_events_are_bad_and_some_are_repeats()
    {
        var kinds = Events(1, 10_000).CountBy(sent => sent.Kind).ToDictionary();

        Assert.InRange(kinds[SimulatedKind.Bad], 100, 300);
        Assert.InRange(kinds[SimulatedKind.Repeat], 300, 500);
    }

    [Fact]
    public void A_repeat_is_the_last_good_event_again()
    {
        SimulatedEvent? last = null;
        foreach (var sent in Events(1, 2_000))
        {
            if (sent.Kind == SimulatedKind.Repeat)
                Assert.Equal(last!.Body, sent.Body);
            else if (sent.Kind == SimulatedKind.Good)
                last = sent;
        }
    }

    [Fact]
    public void Good_events_have_identifiers_of_their_own()
    {
        var ids = Enumerable.Range(1, 5).SelectMany(seed => Events(seed, 500)).Where(sent => sent.Kind == SimulatedKind.Good).Select(EventId).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void A_device_boots_with_its_new_firmware_after_an_update()
    {
        var events = Events(1, 2_000).Where(sent => sent.Kind == SimulatedKind.Good).ToList();
        var update = events.FindIndex(sent => sent.Path == "event/firmware_update");

        Assert.Equal("event/boot", events[update + 1].Path);
        Assert.Equal(Member(events[update], "version_to"), Member(events[update + 1], "firmware"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_events() => Assert.Equal(Events(7, 100), Events(7, 100));

    private static SimulatedDevice Device(int seed) => new("sim-001", "hall-1", seed);

    private static List<SimulatedEvent> Events(int seed, int count)
    {
        var device = Device(seed);
        return [.. Enumerable.Range(0, count).Select(i => device.Next(Now.AddSeconds(i)))];
    }

    private static string? EventId(SimulatedEvent sent) => Member(sent, "event_id");

    private static string? Member(SimulatedEvent sent, string name)
    {
        using var body = JsonDocument.Parse(sent.Body);
        return body.RootElement.GetProperty(name).GetString();
    }
}
