using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>A member of a group, from its joining to its leaving: what its workers and its endpoint need of it.</summary>
internal interface IConsumerSession : IDisposable
{
    ILogger Logger { get; }

    /// <summary>Names the endpoint in logs and errors.</summary>
    string Name { get; }

    /// <summary>The workers of the partitions that are assigned now. Any thread may read them.</summary>
    ICollection<PartitionWorker> Workers { get; }

    /// <summary>Whether the group is joined and no rebalance goes on.</summary>
    bool Steady { get; }

    /// <summary>Consumes until the endpoint stops or the session cannot go on, then leaves the group. The endpoint's own thread calls it.</summary>
    void Run();

    /// <summary>What is to be known of a partition that was just assigned.</summary>
    Task<TopicAssignment> DescribeAsync(TopicPartition partition, CancellationToken lost);

    /// <summary>So many messages were applied. Thread-safe.</summary>
    void Applied(int messages);

    /// <summary>Stores an offset for the next commit. Thread-safe.</summary>
    void Store(TopicPartitionOffset next);

    /// <summary>Lets the workers know the ends of their partitions, also of paused ones.</summary>
    Task RefreshWatermarksAsync();
}
