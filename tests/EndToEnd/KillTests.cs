using System.Net;
using IotBus.Testing;
using Xunit.Abstractions;

namespace IotBus.EndToEnd;

/// <summary>The guarantee itself: what was acknowledged is applied exactly once, whatever is killed or goes away.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Events = 20_000;
    private const int Kills = 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Twenty_kills_while_events_flow_in_lose_nothing_and_double_nothing()
    {
        await using var plant = await Plant.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        var fleet = new Fleet(plant.Http, devices: 40, seed);
        plant.StartProcessors();

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = await plant.StoredAsync();
            var sending = fleet.SendAsync(Events / Kills, deadline.Token);

            // Some time between the first events and the last of this round.
            var after = before + random.Next(1, Events / Kills * 3 / 4);
            await Eventually.TrueAsync(async () => await plant.StoredAsync() >= after, TimeSpan.FromSeconds(60), () => plant.ProcessorsOutput);
            await plant.KillProcessorsAsync();
            plant.StartProcessors();
            await sending;
        }

        await plant.AssertExactlyOnceAsync(fleet, Deadline);
        Assert.Equal([HttpStatusCode.OK], fleet.Answers.Keys);
    }

    [Fact]
    public async Task A_broker_and_a_store_that_go_away_lose_nothing_and_double_nothing()
    {
        await using var plant = await Plant.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        var fleet = new Fleet(plant.Http, devices: 40, seed: 7);
        plant.StartProcessors();
        await fleet.SendAsync(500, deadline.Token);
        await Eventually.TrueAsync(async () => await plant.StoredAsync() > 0, Deadline, () => plant.ProcessorsOutput);

        var sending = SendAsync(fleet, deadline.Token);
        plant.Relay.Cut();
        await Pause.ForAsync(Outage, deadline.Token);
        plant.Relay.Restore();
        if (plant.Kafka.Embedded is { } embedded)
        {
            // A real broker cannot be taken away from a test; there, the store's outage is what is left.
            var before = fleet.Answers.GetValueOrDefault(HttpStatusCode.ServiceUnavailable);
            embedded.TakeDown();
            await Pause.ForAsync(Outage, deadline.Token);

            // An outage that no device felt would prove nothing.
            await Eventually.TrueAsync(
                () => fleet.Answers.GetValueOrDefault(HttpStatusCode.ServiceUnavailable) > before, Deadline, () => "No 503 was answered while the broker was down.");
            embedded.BringUp();
        }

        await sending;
        await plant.AssertExactlyOnceAsync(fleet, Deadline);
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }, fleet.Answers.Keys.ToHashSet());
    }

    private static async Task SendAsync(Fleet fleet, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        for (var sent = 0; sent < 10_000; sent += 100)
        {
            await fleet.SendAsync(100, cancellationToken);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
