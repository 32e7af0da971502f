using System.Text.Json;

namespace IotBus.Kafka;

/// <summary>
/// What the rider reads of librdkafka's statistics (its STATISTICS.md describes them), which a consumer emits once a second.
/// </summary>
/// <param name="AnyBrokerUp">Whether a connection to any broker stands.</param>
/// <param name="Steady">Whether the group is joined and no rebalance goes on.</param>
/// <param name="CoordinatorIdle">The time since the group's coordinator last answered; null before it ever did.</param>
/// <param name="Partitions">The assigned partitions.</param>
internal sealed record ConsumerStatistics(
    bool AnyBrokerUp,
    bool Steady,
    TimeSpan? CoordinatorIdle,
    IReadOnlyList<ConsumerStatistics.PartitionStatistics> Partitions)
{
    private const string Coordinator = "GroupCoordinator";

    public static ConsumerStatistics Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var anyUp = false;
        TimeSpan? idle = null;
        foreach (var broker in root.GetProperty("brokers").EnumerateObject())
        {
            var up = broker.Value.GetProperty("state").ValueEquals("UP");
            anyUp |= up;
            if (broker.Name == Coordinator && up && broker.Value.GetProperty("rxidle").GetInt64() is >= 0 and var microseconds)
                idle = TimeSpan.FromMicroseconds(microseconds);
        }

        var steady = root.TryGetProperty("cgrp", out var group)
            && group.GetProperty("state").ValueEquals("up")
            && group.GetProperty("join_state").ValueEquals("steady");
        return new ConsumerStatistics(anyUp, steady, idle, PartitionsOf(root));
    }

    private static List<PartitionStatistics> PartitionsOf(JsonElement root)
    {
        List<PartitionStatistics> partitions = [];
        foreach (var topic in root.GetProperty("topics").EnumerateObject())
        {
            foreach (var partition in topic.Value.GetProperty("partitions").EnumerateObject())
            {
                var id = partition.Value.GetProperty("partition").GetInt32();
                if (id < 0)
                    continue;

                partitions.Add(new PartitionStatistics(
                    topic.Name,
                    id,
                    partition.Value.GetProperty("lo_offset").GetInt64(),
                    partition.Value.GetProperty("hi_offset").GetInt64(),
                    partition.Value.GetProperty("committed_offset").GetInt64()));
            }
        }

        return partitions;
    }

    /// <summary>Offsets of a partition; negative ones are unknown.</summary>
    public readonly record struct PartitionStatistics(string Topic, int Partition, long Low, long High, long Committed);
}
