using IotBus.Persistence.Tests;
using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>How an endpoint's consumers get what was scheduled for them.</summary>
[Collection(StoreSuite.Name)]
public sealed class EndpointDeliveryTests(StoreFixture store)
{
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task What_is_due_together_is_consumed_together_up_to_the_limit_of_the_endpoint()
    {
        const int limit = 3;
        var meeting = new Meeting(limit);
        var alarms = NewBus(meeting);
        await using var bus = await StartAsync(alarms, limit);
        for (var i = 0; i < 2 * limit; i++)
            await alarms.ScheduleAsync(bus, TimeSpan.FromDays(1), NewId.NextGuid());

        _time.Advance(TimeSpan.FromDays(2));

        await Eventually.TrueAsync(async () => (await alarms.WaitingAsync()).Count == 0);
        Assert.Equal((limit, 2 * limit), (meeting.Most, meeting.Left));
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_consumed()
    {
        var meeting = new Meeting(2);
        var alarms = NewBus(meeting);
        var bus = await StartAsync(alarms, limit: 1);
        await alarms.ScheduleAsync(bus, TimeSpan.FromMilliseconds(1), NewId.NextGuid());
        await Eventually.TrueAsync(() => meeting.Most == 1);

        var stopping = bus.DisposeAsync().AsTask();
        await meeting.AttendAsync(CancellationToken.None);
        await stopping;

        Assert.Equal(2, meeting.Left);
    }

    private AlarmBus NewBus(Meeting meeting) =>
        new(store.NewDatabase(), _time, new Ringing()) { Services = services => services.AddSingleton(meeting) };

    private static Task<TestBus> StartAsync(AlarmBus alarms, int limit) => alarms.StartAsync(rider => rider.AddConsumer<MeetingConsumer>(), (context, endpoint) =>
    {
        endpoint.ConcurrentMessageLimit = limit;
        endpoint.ConfigureConsumer<MeetingConsumer>(context);
    });
}
