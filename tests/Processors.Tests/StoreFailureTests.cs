using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.Testing;

namespace IotBus.Processors.Tests;

public sealed class StoreFailureTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private const int WriteConflict = 112;
    private const int NotWritablePrimary = 10107;

    [FailPointFact]
    public async Task A_write_conflict_runs_the_transaction_again()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Tests.Events.Readings(20));
        await fixture.FailAsync(2, "insert", ("errorCode", WriteConflict), ("errorLabels", Bson.Array(MongoLabels.TransientTransaction)), Namespace(store, Collections.Inbox));

        await store.ApplyAsync(log);

        await AssertAppliedOnceAsync(store, log);
    }

    [FailPointFact]
    public async Task A_commit_whose_result_is_lost_is_repeated_and_applied_once()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Tests.Events.Readings(20));
        await fixture.FailAsync(1, "commitTransaction", ("closeConnection", true));

        await store.ApplyAsync(log);

        await AssertAppliedOnceAsync(store, log);
    }

    [FailPointTheory]
    [InlineData("commitTransaction")]
    [InlineData("insert")]
    [InlineData("update")]
    [InlineData("find")]
    public async Task A_store_that_fails_for_a_while_loses_and_doubles_nothing(string command)
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Tests.Events.Readings(20));
        await store.ApplyAsync(log, 0, 4);
        var consumer = store.Consumer();
        var assignment = log.Assign();
        await fixture.FailAsync(6, command, ("errorCode", NotWritablePrimary));

        await RetryAsync(() => consumer.ApplyAsync(log.Batch(assignment, 5), CancellationToken.None));

        await AssertAppliedOnceAsync(store, log);
    }

    [FailPointFact]
    public async Task A_series_that_fails_for_a_while_is_filled_in()
    {
        var store = await fixture.CreateAsync();
        store.Processing.InsertTimeout = TimeSpan.FromMilliseconds(200);
        var log = new PartitionLog().Append(Tests.Events.Readings(20));
        var consumer = store.Consumer();
        var assignment = log.Assign();
        await fixture.FailAsync(5, "insert", ("closeConnection", true), Namespace(store, Collections.SensorData));
        await Assert.ThrowsAnyAsync<MongoException>(() => consumer.ApplyAsync(log.Batch(assignment), CancellationToken.None));

        await RetryAsync(() => consumer.ApplyAsync(log.Batch(assignment), CancellationToken.None));

        await AssertAppliedOnceAsync(store, log);
    }

    [Fact]
    public async Task What_the_domain_rejects_is_dead_lettered_and_its_neighbours_are_applied()
    {
        var store = await fixture.CreateAsync();
        var cold = Tests.Events.Telemetry(temperature: -300);
        var early = Tests.Events.Telemetry(at: Tests.Events.Noon.AddDays(3));
        var log = new PartitionLog().Append(Tests.Events.Readings(3)).Append(cold, early).Append(Tests.Events.Readings(2, seed: 9));

        await store.ApplyAsync(log);
        await store.ApplyAsync(log);

        Assert.Equal(5, (await store.SeriesAsync()).Count);
        Assert.Equal(5, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal([cold, early], log.DeadLetters.Select(letter => letter.Event));
        Assert.Contains("temperature", log.DeadLetters[0].Reason, StringComparison.Ordinal);
        Assert.Contains("24 h", log.DeadLetters[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_moves_while_a_dead_letter_is_not_acknowledged()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Tests.Events.Readings(3)).Append(Tests.Events.Telemetry(humidity: 101));
        log.DeadLetterFailure = new TopicProduceException("sensor-telemetry.dlq", ProduceFailure.NotAcknowledged, "no answer");

        await Assert.ThrowsAsync<TopicProduceException>(() => store.ApplyAsync(log));
        Assert.Empty(await store.AllAsync(Collections.Progress));
        Assert.Empty(await store.SeriesAsync());

        log.DeadLetterFailure = null;
        await store.ApplyAsync(log);
        Assert.Single(log.DeadLetters);
        Assert.Equal(3, (await store.SeriesAsync()).Count);
    }

    private static (string Name, BsonValue Value) Namespace(TestStore store, string collection) => ("namespace", $"{store.Database.Name}.{collection}");

    // As the rider does: the same batch again until it is applied.
    private static async Task RetryAsync(Func<Task> apply) => await Eventually.TrueAsync(async () =>
    {
        try
        {
            await apply();
            return true;
        }
        catch (MongoException)
        {
            return false;
        }
    });

    private static async Task AssertAppliedOnceAsync(TestStore store, PartitionLog log)
    {
        Assert.Equal(log.Ids().Order(), await store.SeriesAsync());
        Assert.Equal(log.End, await store.CountAsync(EventTypes.Telemetry));
        await Recount.AssertRollupsMatchSeriesAsync(store.Database);
    }
}
