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

/// <summary>Puts off from within its transaction what comes for the first time; may fail after that.</summary>
internal sealed class PuttingOffConsumer(Ringing ringing) : IConsumer<AlarmSet>
{
    public async Task Consume(ConsumeContext<AlarmSet> context)
    {
        if (context.GetRedeliveryCount() == 0)
            await context.Redeliver(TimeSpan.FromHours(1));

        ringing.Came(context, context.Message.CorrelationId);
    }
}

/// <summary>Where messages wait until so many are there at once.</summary>
internal sealed class Meeting(int size)
{
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private int _inside;

    /// <summary>The most that were there at once.</summary>
    public int Most { get; private set; }

    public int Left { get; private set; }

    public async Task AttendAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Most = Math.Max(Most, ++_inside);
            if (_inside >= size)
                _full.TrySetResult();
        }

        await _full.Task.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _inside--;
            Left++;
        }
    }
}

/// <summary>Waits for others.</summary>
internal sealed class MeetingConsumer(Meeting meeting) : IConsumer<AlarmSet>
{
    public Task Consume(ConsumeContext<AlarmSet> context) => meeting.AttendAsync(context.CancellationToken);
}
