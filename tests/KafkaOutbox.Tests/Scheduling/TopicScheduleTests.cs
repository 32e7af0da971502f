using IotBus.Kafka;
using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>Messages that are scheduled for a topic's address.</summary>
[Collection(StoreSuite.Name)]
public sealed class TopicScheduleTests(StoreFixture store, ITestOutputHelper output)
{
    private static readonly Uri Notes = new("topic:notes");

    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task A_message_that_is_scheduled_for_a_topic_is_produced_when_it_is_due_with_the_key_and_serializer_of_its_producer()
    {
        var alarms = NewBus();
        await using var bus = await StartAsync(alarms);
        await ScheduleAsync(bus, TimeSpan.FromDays(1), number: 3);
        var before = alarms.Kafka.Topic("notes").Records.Count;

        _time.Advance(TimeSpan.FromDays(1));

        await Eventually.TrueAsync(() => alarms.Kafka.Topic("notes").Records.Count == 1);
        var note = alarms.Kafka.Topic("notes").Records[0];
        Assert.Equal(0, before);
        Assert.Equal(("key-3", """{"number":3}""", "yes"), (note.KeyText, note.ValueText, note.Header("Scheduled")));
        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
    }

    [Fact]
    public async Task What_was_scheduled_long_ago_has_the_time_at_which_it_was_due_so_that_no_retention_takes_it()
    {
        var alarms = NewBus();
        await using var bus = await StartAsync(alarms);
        await ScheduleAsync(bus, TimeSpan.FromDays(8), number: 1);
        var due = (await alarms.WaitingAsync()).Single().GetDateTime("due");

        _time.Advance(TimeSpan.FromDays(8));

        await Eventually.TrueAsync(() => alarms.Kafka.Topic("notes").Records.Count == 1);
        Assert.Equal(due, alarms.Kafka.Topic("notes").Records[0].Timestamp);
    }

    [Fact]
    public async Task What_was_cancelled_is_never_produced()
    {
        var alarms = NewBus();
        await using var bus = await StartAsync(alarms);
        var cancelled = await ScheduleAsync(bus, TimeSpan.FromDays(1), number: 1);
        await ScheduleAsync(bus, TimeSpan.FromDays(1), number: 2);
        await using (var scope = bus.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<IMessageScheduler>().CancelScheduledSend(Notes, cancelled);

        _time.Advance(TimeSpan.FromDays(2));

        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
        Assert.Equal(["key-2"], alarms.Kafka.Topic("notes").Records.Select(note => note.KeyText));
    }

    [Fact]
    public async Task What_is_scheduled_fires_once_each_and_none_early()
    {
        const int count = 25;
        var alarms = NewBus();
        await using var bus = await StartAsync(alarms);
        var late = new List<double>();
        for (var number = 0; number < count; number++)
        {
            var due = DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(100);
            await ScheduleAsync(bus, TimeSpan.FromMilliseconds(100), number);
            await Eventually.TrueAsync(() => alarms.Kafka.Topic("notes").Records.Count > late.Count);
            late.Add((DateTimeOffset.UtcNow - due).TotalMilliseconds);
        }

        output.WriteLine($"Late by {late.Order().ElementAt(count / 2):F1} ms at the median, {late.Max():F1} ms at most, seen every 20 ms.");
        Assert.All(late, milliseconds => Assert.True(milliseconds >= 0));
        Assert.Equal(Enumerable.Range(0, count).Select(number => $"key-{number}"), alarms.Kafka.Topic("notes").Records.Select(note => note.KeyText));
    }

    [Fact]
    public async Task What_nobody_gives_a_key_has_none_also_if_keys_are_of_a_type_that_knows_no_null()
    {
        var alarms = NewBus();
        await using var bus = await alarms.StartAsync(
            rider =>
            {
                rider.AddConsumer<AlarmConsumer>();
                rider.AddProducer<Guid, AlarmRang>("rung");
            },
            (context, endpoint) => endpoint.ConfigureConsumer<AlarmConsumer>(context));
        await using (var scope = bus.Services.CreateAsyncScope())
        {
            var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();
            await scheduler.ScheduleSend(new Uri("topic:rung"), TimeSpan.FromDays(1), new AlarmRang(NewId.NextGuid()));
        }

        _time.Advance(TimeSpan.FromDays(1));

        await Eventually.TrueAsync(() => alarms.Kafka.Topic("rung").Records.Count == 1);
        Assert.Null(alarms.Kafka.Topic("rung").Records[0].Key);
    }

    private AlarmBus NewBus() => new(store.NewDatabase(), _time, new Ringing());

    private static Task<TestBus> StartAsync(AlarmBus alarms) => alarms.StartAsync(
        rider => rider.AddConsumer<AlarmConsumer>(), (context, endpoint) => endpoint.ConfigureConsumer<AlarmConsumer>(context));

    private static async Task<Guid> ScheduleAsync(TestBus bus, TimeSpan delay, int number)
    {
        await using var scope = bus.Services.CreateAsyncScope();
        var scheduler = scope.ServiceProvider.GetRequiredService<IMessageScheduler>();
        var pipe = Pipe.Execute<SendContext<Note>>(context => context.Headers.Set("Scheduled", "yes"));
        return (await scheduler.ScheduleSend(Notes, delay, new Note { Number = number }, pipe)).TokenId;
    }
}
