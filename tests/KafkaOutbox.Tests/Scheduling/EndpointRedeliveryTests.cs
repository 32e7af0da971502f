using IotBus.Persistence;
using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>Redelivery on a topic endpoint behind the outbox: one effect, whatever dies in between.</summary>
[Collection(StoreSuite.Name)]
public sealed class EndpointRedeliveryTests(StoreFixture store)
{
    private readonly ShiftedTime _time = new();
    private readonly Guid _alarm = NewId.NextGuid();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_kafka_brings_again_beside_its_stored_copy_has_one_effect(bool copyComesFirst)
    {
        var ringing = new Ringing { Failures = 1 };
        var alarms = new AlarmBus(store.NewDatabase(), _time, ringing);
        await using var bus = await alarms.StartAsync(rider => rider.AddConsumer<AlarmConsumer>(), (context, endpoint) =>
        {
            endpoint.UseScheduledRedelivery(retry => retry.Interval(2, TimeSpan.FromHours(1)));
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureConsumer<AlarmConsumer>(context);
        });
        var message = NewId.NextGuid();
        alarms.Set(_alarm, message);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);

        // The process died before it had committed the offset.
        if (copyComesFirst)
            await DeliverCopyAsync(alarms);

        alarms.Set(_alarm, message);
        await alarms.Kafka.WhenConsumedAsync();
        if (!copyComesFirst)
            await DeliverCopyAsync(alarms);

        Assert.Equal(2, ringing.Messages.Count); // It failed, and was consumed once.
        Assert.Empty(await alarms.WaitingAsync());
        Assert.Empty(alarms.Kafka.Topic(AlarmBus.Topic + ".dlq").Records);
    }

    [Fact]
    public async Task What_a_consumer_puts_off_within_its_transaction_comes_to_it_again()
    {
        var ringing = new Ringing();
        var alarms = new AlarmBus(store.NewDatabase(), _time, ringing);
        await using var bus = await StartPuttingOffAsync(alarms);
        alarms.Set(_alarm);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);

        await DeliverCopyAsync(alarms);

        Assert.Equal([(_alarm, 0), (_alarm, 1)], ringing.Messages.Select(came => (came.Id, came.Redeliveries)));
    }

    [Fact]
    public async Task What_a_consumer_puts_off_is_gone_with_its_transaction_when_it_fails()
    {
        var ringing = new Ringing { Failures = 1 };
        var alarms = new AlarmBus(store.NewDatabase(), _time, ringing);
        await using var bus = await StartPuttingOffAsync(alarms);

        alarms.Set(_alarm);

        await Eventually.TrueAsync(() => alarms.Kafka.Topic(AlarmBus.Topic + ".dlq").Records.Count == 1);
        Assert.Empty(await alarms.WaitingAsync());
    }

    private async Task DeliverCopyAsync(AlarmBus alarms)
    {
        _time.Advance(TimeSpan.FromHours(1));
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
    }

    private static Task<TestBus> StartPuttingOffAsync(AlarmBus alarms) => alarms.StartAsync(rider => rider.AddConsumer<PuttingOffConsumer>(), (context, endpoint) =>
    {
        endpoint.UseMongoDbOutbox(context);
        endpoint.ConfigureConsumer<PuttingOffConsumer>(context);
    });
}
