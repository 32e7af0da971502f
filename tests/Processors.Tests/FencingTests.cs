using IotBus.Messages;
using IotBus.Processors.Events;
using IotBus.Testing;

namespace IotBus.Processors.Tests;

public sealed class FencingTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_consumer_whose_progress_was_moved_by_another_gives_its_batch_up()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(30));
        var old = store.Consumer();
        var oldAssignment = log.Assign();
        await old.ApplyAsync(log.Batch(oldAssignment, 0, 9), CancellationToken.None);
        await store.ApplyAsync(log, 10, 19);

        await Assert.ThrowsAsync<PartitionFencedException>(() => old.ApplyAsync(log.Batch(oldAssignment, 10, 29), CancellationToken.None));

        Assert.Equal(20, (await store.SeriesAsync()).Count);
        Assert.Equal(20, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal((19, 9), await store.ProgressAsync());
    }

    [Fact]
    public async Task Of_two_first_consumers_one_wins()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(30));
        var batches = Enumerable.Range(0, 2).Select(_ => (Consumer: store.Consumer(), Batch: log.Batch(log.Assign()))).ToList();

        var outcomes = await Task.WhenAll(batches.Select(async pair =>
            await Record.ExceptionAsync(() => pair.Consumer.ApplyAsync(pair.Batch, CancellationToken.None))));

        Assert.Contains(outcomes, exception => exception is null);
        Assert.All(outcomes.Where(exception => exception is not null), exception => Assert.IsType<PartitionFencedException>(exception));
        Assert.Equal(30, (await store.SeriesAsync()).Count);
        Assert.Equal(30, await store.CountAsync(EventTypes.Telemetry));
    }

    [Fact]
    public async Task A_fenced_consumer_that_owns_the_partition_after_all_goes_on()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(30));
        var owner = store.Consumer(time);
        var assignment = log.Assign();
        await owner.ApplyAsync(log.Batch(assignment, 0, 9), CancellationToken.None);
        var straggler = store.Consumer();
        straggler.Reached = step => Stop(step, ApplyStep.BeforeSeries);
        await Assert.ThrowsAsync<Stopped>(() => straggler.ApplyAsync(log.Batch(log.Assign(), 10, 19), CancellationToken.None));
        await Assert.ThrowsAsync<PartitionFencedException>(() => owner.ApplyAsync(log.Batch(assignment, 10, 29), CancellationToken.None));

        var retry = owner.ApplyAsync(log.Batch(assignment, 10, 29), CancellationToken.None);
        await Eventually.TrueAsync(() => time.Waiting > 0);
        Assert.Equal(10, (await store.SeriesAsync()).Count);
        time.Advance((SessionTimeout / 2) + TimeSpan.FromSeconds(10));
        await retry;

        Assert.Equal(30, (await store.SeriesAsync()).Distinct().Count());
        Assert.Equal(30, (await store.SeriesAsync()).Count);
        Assert.Equal(30, await store.CountAsync(EventTypes.Telemetry));
    }

    [Fact]
    public async Task A_consumer_that_stalled_before_the_series_does_not_insert()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(20));
        var stalled = store.Consumer(time);
        stalled.Reached = step =>
        {
            if (step == ApplyStep.BeforeSeries)
                time.Advance((SessionTimeout / 2) + TimeSpan.FromSeconds(1));
        };

        await Assert.ThrowsAsync<PartitionFencedException>(() => stalled.ApplyAsync(log.Batch(log.Assign()), CancellationToken.None));

        Assert.Empty(await store.SeriesAsync());
        await store.ApplyAsync(log);
        Assert.Equal(20, (await store.SeriesAsync()).Count);
        Assert.Equal(20, await store.CountAsync(EventTypes.Telemetry));
    }

    [Fact]
    public async Task A_consumer_that_knows_its_partition_is_lost_does_not_insert()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(20));
        using var lost = new CancellationTokenSource();
        var consumer = store.Consumer();
        consumer.Reached = step =>
        {
            if (step == ApplyStep.BeforeSeries)
                lost.Cancel();
        };

        await Assert.ThrowsAsync<PartitionFencedException>(() => consumer.ApplyAsync(log.Batch(log.Assign(lost.Token)), CancellationToken.None));

        Assert.Empty(await store.SeriesAsync());
        await store.ApplyAsync(log);
        Assert.Equal(20, (await store.SeriesAsync()).Count);
    }

    [Fact]
    public async Task An_insert_of_the_consumer_before_is_waited_for_and_not_doubled()
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(20));
        var dead = store.Consumer();
        dead.Reached = step => Stop(step, ApplyStep.BeforeSeries);
        await Assert.ThrowsAsync<Stopped>(() => dead.ApplyAsync(log.Batch(log.Assign()), CancellationToken.None));

        var next = store.Consumer(time).ApplyAsync(log.Batch(log.Assign()), CancellationToken.None);
        await Eventually.TrueAsync(() => time.Waiting > 0);
        await store.InsertSeriesAsync(log.Events);
        time.Advance(TimeSpan.FromSeconds(10));
        await next;

        Assert.Equal(20, (await store.SeriesAsync()).Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task An_insert_of_the_consumer_before_is_waited_for_as_long_when_the_clock_is_set_by_a_day(int days)
    {
        var time = new ManualTime(DateTimeOffset.UtcNow);
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(20));
        var dead = store.Consumer();
        dead.Reached = step => Stop(step, ApplyStep.BeforeSeries);
        await Assert.ThrowsAsync<Stopped>(() => dead.ApplyAsync(log.Batch(log.Assign()), CancellationToken.None));

        var next = store.Consumer(new JumpingTime(time, TimeSpan.FromDays(days))).ApplyAsync(log.Batch(log.Assign()), CancellationToken.None);
        await Eventually.TrueAsync(() => time.Waiting > 0);
        await store.InsertSeriesAsync(log.Events);
        time.Advance(TimeSpan.FromSeconds(10));
        await next.WaitAsync(Eventually.DefaultDeadline);

        Assert.Equal(20, (await store.SeriesAsync()).Count);
    }

    [Fact]
    public async Task A_transaction_that_a_dead_consumer_left_open_holds_nobody_up()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog().Append(Events.Readings(20));
        await store.ApplyAsync(log, 0, 9);
        var progress = new ProgressCollection(store.Database, store.Processing.Group);
        var dead = await fixture.Client.StartSessionAsync();
        await progress.ClaimAsync(log.Assign(), dead.Id, CancellationToken.None);
        dead.StartTransaction();
        await progress.AdvanceAsync(dead, log.Assign(), new PartitionProgress { Applied = 9, Complete = 9, Session = dead.Id, SettledAt = default }, 14, CancellationToken.None);

        await store.ApplyAsync(log, 10);

        Assert.Equal(20, (await store.SeriesAsync()).Count);
        Assert.Equal((19, 9), await store.ProgressAsync());
        await dead.DisposeAsync();
    }

    private static void Stop(ApplyStep reached, ApplyStep at)
    {
        if (reached == at)
            throw new Stopped();
    }

    private sealed class Stopped : Exception;
}
