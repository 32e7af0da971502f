using IotBus.MongoDb;
using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>What is scheduled for an endpoint finds it when the next version of the service is another.</summary>
[Collection(StoreSuite.Name)]
public sealed class EndpointAddressTests(StoreFixture store)
{
    private readonly ShiftedTime _time = new();
    private readonly Guid _alarm = NewId.NextGuid();

    [Theory]
    [InlineData("alarms", "bells")]
    [InlineData("bells")]
    [InlineData("^alarm.*")]
    public async Task A_timeout_finds_its_endpoint_when_the_topics_have_changed(params string[] topics)
    {
        var database = store.NewDatabase();
        await ScheduleAsync(new AlarmBus(database, _time, new Ringing()));
        _time.Advance(TimeSpan.FromDays(1));
        var next = new AlarmBus(database, _time, new Ringing()) { Topics = topics };

        await using var bus = await next.StartSagaAsync();

        await next.RangAsync(_alarm);
    }

    [Fact]
    public async Task A_timeout_finds_its_endpoint_when_the_bus_is_on_another_host()
    {
        var database = store.NewDatabase();
        var alarms = new AlarmBus(database, _time, new Ringing());
        await ScheduleAsync(alarms);
        var stored = (await alarms.WaitingAsync()).Single();
        var elsewhere = stored.GetString("destination").Replace("loopback://localhost", "rabbitmq://elsewhere:5673", StringComparison.Ordinal);
        await database.GetCollection("outbox").UpdateOneAsync(
            Bson.Document(("_id", stored.GetGuid("_id"))), Bson.Document(("$set", Bson.Document(("destination", elsewhere)))));
        _time.Advance(TimeSpan.FromDays(1));
        await using var bus = await alarms.StartSagaAsync();

        await alarms.RangAsync(_alarm);
    }

    [Fact]
    public async Task A_process_without_the_endpoint_leaves_its_timeouts_to_one_that_has_it()
    {
        var database = store.NewDatabase();
        await ScheduleAsync(new AlarmBus(database, _time, new Ringing()));
        _time.Advance(TimeSpan.FromDays(1));
        var ringing = new Ringing();
        var other = new AlarmBus(database, _time, ringing) { Group = "others" };
        await using var without = await other.StartAsync(
            rider => rider.AddConsumer<AlarmConsumer>(), (context, endpoint) => endpoint.ConfigureConsumer<AlarmConsumer>(context));
        await other.ScheduleAsync(without, TimeSpan.FromMilliseconds(1), NewId.NextGuid());
        await Eventually.TrueAsync(() => ringing.Messages.Count == 1);

        var next = new AlarmBus(database, _time, new Ringing());
        await using var bus = await next.StartSagaAsync();

        await next.RangAsync(_alarm);
    }

    private async Task ScheduleAsync(AlarmBus alarms)
    {
        await using var bus = await alarms.StartSagaAsync();
        alarms.Set(_alarm);
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 1);
    }
}
