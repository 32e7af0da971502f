using System.Text.Json;
using IotBus.KillMatrix.Parcels;
using Xunit.Abstractions;

namespace IotBus.KillMatrix;

/// <summary>A saga on a topic, which produces to another, sends over the bus, schedules and unschedules for itself.</summary>
public sealed class ParcelsTests(Servers servers, ITestOutputHelper output) : IClassFixture<Servers>
{
    private static readonly string[] Steps =
    [
        "before transaction",
        "after inbox",
        "after saga",
        "after cancel",
        "before delivery by EndpointOutboxTransport",
        "after delivery by EndpointOutboxTransport",
        .. OutboxSteps.AfterTheConsumer,
    ];

    [Fact]
    public Task A_saga_that_is_killed_at_any_step_is_moved_once_by_each_event_and_tells_of_it_once() => Rounds.RunAsync("parcels", output, RoundAsync);

    private async Task<int> RoundAsync()
    {
        await using var round = await KillRound.CreateAsync(servers, ParcelsHost.Scenario);
        var parcels = new List<Guid>();
        await round.RunAsync(Steps, () => WorkAsync(round, parcels), () => OutboxSteps.IsDeliveredAsync(round, 3 * parcels.Count));

        var sagas = await round.AllAsync("sagas.parcel");
        Assert.Equal(parcels.Order(), sagas.Select(saga => saga.GetGuid("_id")).Order());
        Assert.All(sagas, saga => Assert.Equal([0, 1, 2], saga.GetDocument("Moves").Select(move => move.Value.AsInt32())));
        Assert.All(sagas, saga => Assert.Equal(1, saga.GetInt32("Checks")));
        await OutboxSteps.AssertReceivedOnceAsync(
            round, parcels.SelectMany(parcel => Enumerable.Range(0, 3).Select(move => ParcelMachine.Name(parcel, move))).Order(StringComparer.Ordinal));
        return round.Kills;
    }

    private static async Task WorkAsync(KillRound round, List<Guid> parcels)
    {
        var parcel = Guid.NewGuid();
        parcels.Add(parcel);
        await ProduceAsync(round, parcel, new { type = "packed", correlationId = parcel });
        await ProduceAsync(round, parcel, new { type = "moved", correlationId = parcel, number = 1 });
        await ProduceAsync(round, parcel, new { type = "moved", correlationId = parcel, number = 2 });
    }

    private static Task ProduceAsync<T>(KillRound round, Guid parcel, T told) =>
        round.ProduceAsync(parcel.ToString(), JsonSerializer.SerializeToUtf8Bytes(told), Guid.NewGuid());
}
