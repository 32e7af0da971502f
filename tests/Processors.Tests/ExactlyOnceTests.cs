using IotBus.Messages;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using IotBus.Testing;

namespace IotBus.Processors.Tests;

public sealed class ExactlyOnceTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task A_batch_is_applied_and_its_progress_moves_to_its_end()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(50));

        await store.ApplyAsync(log);

        await AssertAppliedOnceAsync(store, log, 50);
        Assert.Equal((49, -1), await store.ProgressAsync());
    }

    [Fact]
    public async Task The_next_batch_confirms_the_series_of_the_one_before()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(30));
        var consumer = store.Consumer();
        var assignment = log.Assign();

        await consumer.ApplyAsync(log.Batch(assignment, 0, 9), CancellationToken.None);
        await consumer.ApplyAsync(log.Batch(assignment, 10, 29), CancellationToken.None);

        await AssertAppliedOnceAsync(store, log, 30);
        Assert.Equal((29, 9), await store.ProgressAsync());
    }

    [Theory]
    [InlineData(nameof(ApplyStep.BeforeTransaction))]
    [InlineData(nameof(ApplyStep.BeforeSeries))]
    [InlineData(nameof(ApplyStep.BeforeOffsets))]
    public async Task A_consumer_may_die_at_any_step(string step)
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(40));
        await store.ApplyAsync(log, 0, 9);
        var dying = store.Consumer();
        dying.Reached = reached =>
        {
            if (reached.ToString() == step)
                throw new ProcessDied();
        };
        await Assert.ThrowsAsync<ProcessDied>(() => dying.ApplyAsync(log.Batch(log.Assign(), 10, 29), CancellationToken.None));

        await store.ApplyAsync(log, 10);

        await AssertAppliedOnceAsync(store, log, 40);
    }

    [Theory]
    [InlineData(nameof(ApplyStep.BeforeTransaction))]
    [InlineData(nameof(ApplyStep.BeforeSeries))]
    [InlineData(nameof(ApplyStep.BeforeOffsets))]
    public async Task A_consumer_that_failed_gets_the_same_batch_again(string step)
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(40));
        var consumer = store.Consumer();
        var assignment = log.Assign();
        await consumer.ApplyAsync(log.Batch(assignment, 0, 9), CancellationToken.None);
        var failed = false;
        consumer.Reached = reached =>
        {
            if (reached.ToString() != step || failed)
                return;

            failed = true;
            throw new ProcessDied();
        };

        await Assert.ThrowsAsync<ProcessDied>(() => consumer.ApplyAsync(log.Batch(assignment, 10, 29), CancellationToken.None));
        await consumer.ApplyAsync(log.Batch(assignment, 10, 29), CancellationToken.None);
        await consumer.ApplyAsync(log.Batch(assignment, 30), CancellationToken.None);

        await AssertAppliedOnceAsync(store, log, 40);
    }

    [Fact]
    public async Task What_a_torn_insert_left_out_is_filled_in()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(40));
        await store.ApplyAsync(log);
        var lost = (await store.SeriesAsync()).Where((_, index) => index % 3 == 0).ToList();
        await store.ForgetSeriesAsync(keep: id => !lost.Contains(id));

        await store.ApplyAsync(log);

        await AssertAppliedOnceAsync(store, log, 40);
    }

    [Fact]
    public async Task Redelivery_in_other_cuts_changes_nothing()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(60));
        await store.ApplyAsync(log, 0, 24);
        await store.ApplyAsync(log, 25, 44);
        var consumer = store.Consumer();
        var assignment = log.Assign();

        foreach (var (first, last) in new[] { (0, 6), (7, 24), (25, 30), (31, 50), (51, 59) })
            await consumer.ApplyAsync(log.Batch(assignment, first, last), CancellationToken.None);

        await AssertAppliedOnceAsync(store, log, 60);
    }

    [Fact]
    public async Task Offsets_set_back_to_the_start_change_nothing_even_when_the_inbox_has_forgotten()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(60));
        await store.ApplyAsync(log, 0, 29);
        await store.ApplyAsync(log, 30, 59);
        await store.Database.GetCollection(Collections.Inbox).DeleteManyAsync(MongoDb.BsonDocument.Empty);

        await store.ApplyAsync(log);

        await AssertAppliedOnceAsync(store, log, 60);
    }

    [Fact]
    public async Task A_duplicate_event_id_has_one_effect()
    {
        var store = await fixture.CreateAsync();
        var first = Events.Telemetry(temperature: 20);
        var again = first with { Temperature = 99, Timestamp = first.Timestamp.AddMinutes(5) };
        var log = new PartitionLog().Append(first, again, Events.Telemetry(), again);
        var consumer = store.Consumer();
        var assignment = log.Assign();

        await consumer.ApplyAsync(log.Batch(assignment, 0, 1), CancellationToken.None);
        await consumer.ApplyAsync(log.Batch(assignment, 2, 3), CancellationToken.None);

        Assert.Equal(2, (await store.SeriesAsync()).Count);
        Assert.Equal(2, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal(20, (await store.DeviceAsync("sensor-1")).GetDocument("reading"u8).GetDouble("temperature"u8));
        Assert.Equal((3, 1), await store.ProgressAsync());
    }

    [Fact]
    public async Task A_batch_of_nothing_but_repeats_moves_the_progress_only()
    {
        var store = await fixture.CreateAsync();
        var events = Events.Readings(10);
        var log = new PartitionLog().Append(events).Append(events).Append(events);
        var consumer = store.Consumer();
        var assignment = log.Assign();

        for (var first = 0; first < 30; first += 10)
            await consumer.ApplyAsync(log.Batch(assignment, first, first + 9), CancellationToken.None);

        Assert.Equal(10, (await store.SeriesAsync()).Count);
        Assert.Equal(10, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal((29, 19), await store.ProgressAsync());
    }

    [Fact]
    public async Task A_repeat_at_another_offset_is_not_taken_for_a_missing_event()
    {
        var store = await fixture.CreateAsync();
        var first = Events.Telemetry();
        var log = new PartitionLog().Append(first).Append(Events.Readings(5)).Append(first with { Timestamp = first.Timestamp.AddHours(2) });
        var consumer = store.Consumer();
        var assignment = log.Assign();
        await consumer.ApplyAsync(log.Batch(assignment, 0, 0), CancellationToken.None);
        await consumer.ApplyAsync(log.Batch(assignment, 1, 6), CancellationToken.None);

        await store.ApplyAsync(log, 1);

        Assert.Equal(6, (await store.SeriesAsync()).Count);
        Assert.Equal(6, await store.CountAsync(EventTypes.Telemetry));
    }

    [Fact]
    public async Task One_event_id_on_two_partitions_has_one_effect()
    {
        var store = await fixture.CreateAsync();
        var event1 = Events.Telemetry("sensor-1");
        var one = new PartitionLog(partition: 0).Append(event1);
        var two = new PartitionLog(partition: 1).Append(event1 with { DeviceId = "sensor-2" }, Events.Telemetry("sensor-2"));

        await store.ApplyAsync(one);
        await store.ApplyAsync(two);

        Assert.Equal(2, (await store.SeriesAsync()).Count);
        Assert.Equal(2, await store.CountAsync(EventTypes.Telemetry));
    }

    [Fact]
    public async Task Partitions_are_applied_side_by_side()
    {
        var store = await fixture.CreateAsync();
        var logs = Enumerable.Range(0, 6)
            .Select(partition => new PartitionLog(partition: partition).Append(
                [.. Events.Readings(200, partition).Select(e => ((TelemetryRecorded)e) with { DeviceId = $"{e.DeviceId}-{partition}" })]))
            .ToList();

        await Task.WhenAll(logs.Select(async log =>
        {
            var consumer = store.Consumer();
            var assignment = log.Assign();
            for (var first = 0; first < 200; first += 50)
                await consumer.ApplyAsync(log.Batch(assignment, first, first + 49), CancellationToken.None);
        }));

        Assert.Equal(1_200, (await store.SeriesAsync()).Distinct().Count());
        Assert.Equal(1_200, await store.CountAsync(EventTypes.Telemetry));
        await Recount.AssertRollupsMatchSeriesAsync(store.Database);
    }

    private static async Task AssertAppliedOnceAsync(TestStore store, PartitionLog log, int count)
    {
        var series = await store.SeriesAsync();
        Assert.Equal(count, log.End);
        Assert.Equal(count, series.Count);
        Assert.Equal(log.Ids().Order(), series);
        Assert.Equal(count, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal(count, await store.CountAsync(RollupKey.Ingested));
        await Recount.AssertRollupsMatchSeriesAsync(store.Database);
        Assert.Empty(log.DeadLetters);
    }

    private sealed class ProcessDied : Exception;
}
