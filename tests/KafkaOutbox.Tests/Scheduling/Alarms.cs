using System.Collections.Concurrent;
using IotBus.Kafka;
using MassTransit;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

/// <summary>What is on the topic.</summary>
public sealed record AlarmSet(Guid CorrelationId) : CorrelatedBy<Guid>;

/// <summary>Is never on the topic: the saga schedules it for itself.</summary>
public sealed record AlarmRang(Guid CorrelationId) : CorrelatedBy<Guid>;

/// <summary>Is scheduled over the bus.</summary>
public sealed record AlarmTold(Guid Id);

/// <summary>What came to a consumer, with what it said of itself.</summary>
internal sealed record Came(Guid Id, int Redeliveries, string? Key, int? Partition, long? Offset, Guid? MessageId);

/// <summary>What consumers saw, and how often the one that fails does so.</summary>
internal sealed class Ringing
{
    private int _attempts;

    public ConcurrentQueue<Came> Messages { get; } = [];

    public int Failures { get; init; }

    public void Came(ConsumeContext context, Guid id)
    {
        Messages.Enqueue(new Came(id, context.GetRedeliveryCount(), context.GetKey<string>(), context.Partition(), context.Offset(), context.MessageId));
        if (Interlocked.Increment(ref _attempts) <= Failures)
            throw new InvalidOperationException("It failed, as the test wants it.");
    }
}

/// <summary>Fails at first.</summary>
internal sealed class AlarmConsumer(Ringing ringing) : IConsumer<AlarmSet>
{
    public Task Consume(ConsumeContext<AlarmSet> context)
    {
        ringing.Came(context, context.Message.CorrelationId);
        return Task.CompletedTask;
    }
}

/// <summary>Schedules over the bus what it is told on the topic.</summary>
internal sealed class TellingConsumer : IConsumer<AlarmSet>
{
    public Task Consume(ConsumeContext<AlarmSet> context) =>
        context.SchedulePublish(TimeSpan.FromMilliseconds(50), new AlarmTold(context.Message.CorrelationId));
}

/// <summary>Hears what was scheduled over the bus.</summary>
internal sealed class ToldConsumer(Ringing ringing) : IConsumer<AlarmTold>
{
    public Task Consume(ConsumeContext<AlarmTold> context)
    {
        ringing.Came(context, context.Message.Id);
        return Task.CompletedTask;
    }
}
