using IotBus.Messages;

namespace IotBus.Processors.Tests;

public sealed class TopicMadeAgainTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task A_topic_with_a_new_identifier_starts_a_new_progress_and_nothing_is_skipped()
    {
        var store = await fixture.CreateAsync();
        await store.ApplyAsync(new PartitionLog(topicId: "old").Append(Events.Readings(30, seed: 1)));
        var made = new PartitionLog(topicId: "new").Append(Events.Readings(50, seed: 2));

        await store.ApplyAsync(made);

        Assert.Equal(80, (await store.SeriesAsync()).Count);
        Assert.Equal(80, await store.CountAsync(EventTypes.Telemetry));
        Assert.Equal((49, -1), await store.ProgressAsync());
    }

    [Fact]
    public async Task A_topic_that_ends_before_the_progress_is_another_where_the_broker_tells_no_identifier()
    {
        var store = await fixture.CreateAsync();
        await store.ApplyAsync(new PartitionLog(topicId: null).Append(Events.Readings(30, seed: 1)));
        var made = new PartitionLog(topicId: null).Append(Events.Readings(20, seed: 2));

        await store.ApplyAsync(made);

        Assert.Equal(50, (await store.SeriesAsync()).Count);
        Assert.Equal((19, -1), await store.ProgressAsync());
    }

    [Fact]
    public async Task Events_that_were_applied_from_the_old_topic_have_no_second_effect()
    {
        var store = await fixture.CreateAsync();
        var events = Events.Readings(30);
        await store.ApplyAsync(new PartitionLog(topicId: "old").Append(events));

        await store.ApplyAsync(new PartitionLog(topicId: "new").Append(events));

        Assert.Equal(30, (await store.SeriesAsync()).Count);
        Assert.Equal(30, await store.CountAsync(EventTypes.Telemetry));
    }

    [Fact]
    public async Task A_progress_ahead_of_an_old_reading_of_the_end_is_not_another_topic()
    {
        var store = await fixture.CreateAsync();
        var log = new PartitionLog(topicId: null).Append(Events.Readings(10));
        var early = log.Assign();
        log.Append(Events.Readings(10, seed: 2));
        await store.ApplyAsync(log);

        await store.Consumer().ApplyAsync(log.Batch(early, 0, 9), CancellationToken.None);

        Assert.Equal(20, (await store.SeriesAsync()).Count);
        Assert.Equal((19, -1), await store.ProgressAsync());
    }
}
