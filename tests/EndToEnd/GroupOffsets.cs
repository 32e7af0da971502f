using Confluent.Kafka;
using IotBus.Testing;

namespace IotBus.EndToEnd;

/// <summary>The offsets that the Processors' group has committed, seen and set from outside.</summary>
internal static class GroupOffsets
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static IConsumer<Ignore, Ignore> GroupClient(this Plant plant) => new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
    {
        BootstrapServers = plant.Kafka.BootstrapServers,
        GroupId = plant.Group,
        EnableAutoCommit = false,
        SessionTimeoutMs = 6_000,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
    }).Build();

    /// <summary>Whether the group has committed the end of every partition that holds anything.</summary>
    public static bool IsReadToTheEnd(this Plant plant, IConsumer<Ignore, Ignore> group)
    {
        foreach (var committed in group.Committed(plant.Partitions, Timeout))
        {
            var end = group.QueryWatermarkOffsets(committed.TopicPartition, Timeout).High.Value;
            if (end > 0 && committed.Offset.Value != end)
                return false;
        }

        return true;
    }

    /// <summary>Sets the group back to the start, as its only member: once the session of a killed one has ended.</summary>
    public static async Task SetBackAsync(this Plant plant, IConsumer<Ignore, Ignore> group, TimeSpan deadline)
    {
        group.Subscribe(plant.Partitions.Select(partition => partition.Topic).Distinct());
        await Eventually.TrueAsync(
            () =>
            {
                group.Consume(TimeSpan.FromMilliseconds(100));
                return group.Assignment.Count == plant.Partitions.Count;
            },
            deadline);
        group.Commit(plant.Partitions.Select(partition => new TopicPartitionOffset(partition, 0)));
        group.Unsubscribe();
    }
}
