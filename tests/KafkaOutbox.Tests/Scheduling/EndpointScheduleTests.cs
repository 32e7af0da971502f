using IotBus.Kafka;
using IotBus.Persistence;
using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>What sagas, consumers and redelivery on a topic endpoint schedule.</summary>
[Collection(StoreSuite.Name)]
public sealed class EndpointScheduleTests(StoreFixture store)
{
    private readonly ShiftedTime _time = new();
    private readonly Guid _alarm = NewId.NextGuid();

    [Fact]
    public async Task A_saga_on_a_topic_gets_its_timeouts_which_are_of_a_type_that_is_not_on_the_topic()
    {
        var alarms = new AlarmBus(store.NewDatabase(), _time, new Ringing());
        await using var bus = await alarms.StartSagaAsync();
        alarms.Set(_alarm);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);

        _time.Advance(TimeSpan.FromDays(1));
        await alarms.RangAsync(_alarm, 1);
        _time.Advance(TimeSpan.FromDays(1));
        await alarms.RangAsync(_alarm, 2);

        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
        Assert.Equal(2, (await alarms.AlarmAsync(_alarm))!.Value.GetInt32("Rings"));
        Assert.Single(alarms.Kafka.Topic(AlarmBus.Topic).Records);
        Assert.Empty(alarms.Kafka.Topic(AlarmBus.Topic + ".dlq").Records);
    }

    [Fact]
    public async Task A_timeout_survives_the_process_that_scheduled_it()
    {
        var alarms = new AlarmBus(store.NewDatabase(), _time, new Ringing());
        await using (await alarms.StartSagaAsync())
        {
            alarms.Set(_alarm);
            await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);
        }

        _time.Advance(TimeSpan.FromDays(1));
        await using var next = await alarms.StartSagaAsync();

        await alarms.RangAsync(_alarm, 1);
    }

    [Fact]
    public async Task A_message_that_is_redelivered_waits_in_the_store_and_comes_with_its_key_and_place()
    {
        var ringing = new Ringing { Failures = 2 };
        var alarms = new AlarmBus(store.NewDatabase(), _time, ringing);
        await using var bus = await StartFailingAsync(alarms, 2);

        var record = alarms.Set(_alarm);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);
        await alarms.Kafka.WhenConsumedAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await Eventually.TrueAsync(() => ringing.Messages.Count == 2);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Any(waiting => waiting.GetDateTime("due") > _time.GetUtcNow()));
        _time.Advance(TimeSpan.FromHours(1));

        await Eventually.TrueAsync(() => ringing.Messages.Count == 3);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
        Assert.Equal([0, 1, 2], ringing.Messages.Select(came => came.Redeliveries));
        Assert.All(ringing.Messages, came => Assert.Equal((_alarm, "bell", record.Partition, record.Offset), (came.Id, came.Key, came.Partition, came.Offset)));
    }

    [Fact]
    public async Task A_redelivered_message_that_fails_for_good_is_put_with_the_dead_letters_as_it_was_on_the_topic()
    {
        var alarms = new AlarmBus(store.NewDatabase(), _time, new Ringing { Failures = 10 });
        await using var bus = await StartFailingAsync(alarms, 1);
        var record = alarms.Set(_alarm);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);

        _time.Advance(TimeSpan.FromHours(1));

        await Eventually.TrueAsync(() => alarms.Kafka.Topic(AlarmBus.Topic + ".dlq").Records.Count == 1);
        var letter = alarms.Kafka.Topic(AlarmBus.Topic + ".dlq").Records[0];
        Assert.Equal((record.KeyText, record.ValueText), (letter.KeyText, letter.ValueText));
        Assert.Equal(DeadLetterReasons.ConsumerFailed, letter.Header(DeadLetterHeaders.Reason));
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
    }

    [Fact]
    public async Task A_consumer_of_a_topic_schedules_over_the_bus()
    {
        var ringing = new Ringing();
        var alarms = new AlarmBus(store.NewDatabase(), TimeProvider.System, ringing);
        await using var bus = await alarms.StartAsync(rider => rider.AddConsumer<TellingConsumer>(), (context, endpoint) =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<TellingConsumer>(context);
        });

        alarms.Set(_alarm);

        await Eventually.TrueAsync(() => ringing.Messages.Count == 1);
        Assert.Equal(_alarm, ringing.Messages.Single().Id);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
    }

    private static Task<TestBus> StartFailingAsync(AlarmBus alarms, int redeliveries) => alarms.StartAsync(
        rider => rider.AddConsumer<AlarmConsumer>(),
        (context, endpoint) =>
        {
            endpoint.UseScheduledRedelivery(retry => retry.Intervals([.. Enumerable.Repeat(TimeSpan.FromHours(1), redeliveries)]));
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<AlarmConsumer>(context);
        });
}
