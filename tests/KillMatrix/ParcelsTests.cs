using System.Text.Json;
using IotBus.KillMatrix.Parcels;
using Xunit.Abstractions;

namespace IotBus.KillMatrix;

/// <summary>A saga on a topic, which produces to another, sends over the bus, schedules and unschedules.</summary>
public sealed class ParcelsTests(Servers servers, ITestOutputHelper output) : IClassFixture<Servers>
{
    private static readonly string[] Steps = ["before transaction", "after inbox", "after saga", "after cancel", .. OutboxSteps.AfterTheConsumer];

    [Fact]
    public Task A_saga_that_is_killed_at_any_step_is_moved_once_by_each_event_and_tells_of_it_once() => Rounds.RunAsync("parcels", output, RoundAsync);

    private async Task<int> RoundAsync()
    {
        await using var round = await KillRound.CreateAsync(servers, ParcelsHost.Scenario);
        var parcels = new List<Guid>();
        await round.RunAsync(Steps, () => WorkAsync(round, parcels), () => OutboxSteps.IsDeliveredAsync(round, 3 * parcels.Count));

        var sagas = (await round.AllAsync("sagas.parcel")).ToDictionary(saga => saga.GetGuid("_id"), saga => saga.GetDocument("Moves").Select(move => move.Value.AsInt32()));
        Assert.Equal(parcels.Order(), sagas.Keys.Order());
        Assert.All(sagas.Values, moves => Assert.Equal([0, 1, 2], moves));
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
