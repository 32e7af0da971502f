using Confluent.Kafka;
using IotBus.Persistence;

namespace IotBus.KillMatrix;

/// <summary>Asks the broker whether offsets of the group have been committed since this process started: the step after all others.</summary>
internal sealed class CommittedOffsets(HostSettings settings) : BackgroundService
{
    public const string Step = "after offsets";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        settings.Step == Step ? Task.Run(() => WatchAsync(stoppingToken), stoppingToken) : Task.CompletedTask;

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var group = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = settings.Kafka, GroupId = settings.Group, EnableAutoCommit = false }).Build();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var before = Committed(group);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Committed(group) != before)
                FaultPoint.Reach(Step);
        }
    }

    private Offset Committed(IConsumer<Ignore, Ignore> group) => group.Committed([new TopicPartition(settings.Topic, 0)], Patience)[0].Offset;
}
