using System.Diagnostics;

namespace IotBus.Kafka;

/// <summary>One partition, from its assignment to this consumer until it is revoked or lost. A new assignment is a new instance.</summary>
public sealed class TopicAssignment
{
    private readonly long _assigned = Stopwatch.GetTimestamp();

    public required string Topic { get; init; }

    public required int Partition { get; init; }

    /// <summary>
    /// The topic's identifier, which changes when a topic is deleted and made again; null where the broker does not tell it.
    /// </summary>
    public string? TopicId { get; init; }

    /// <summary>The partition's end at the time of assignment: the offset the next message would get.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Asks the broker for the partition's end; where null, <see cref="EndOffset"/> is all there is.</summary>
    public Func<CancellationToken, Task<long>>? EndOffsetQuery { get; init; }

    /// <summary>Asks the broker for the topic's identifier; where null, <see cref="TopicId"/> is all there is.</summary>
    public Func<CancellationToken, Task<string?>>? TopicIdQuery { get; init; }

    /// <summary>After this time without a poll or heartbeat the group gives the partition to another member.</summary>
    public required TimeSpan SessionTimeout { get; init; }

    /// <summary>Cancelled when the partition no longer belongs to this consumer.</summary>
    public CancellationToken Lost { get; init; }

    /// <summary>
    /// The time since the consumer last polled with success. A poll after a gap of half the session timeout succeeds only once the group's
    /// coordinator has answered again, and a coordinator that stays silent makes polls fail. A consumer that stalled longer than the
    /// session timeout may have been replaced.
    /// </summary>
    public TimeSpan SinceLastPoll => Clock?.Age ?? Stopwatch.GetElapsedTime(_assigned);

    /// <summary>What a batch consumer keeps for as long as the partition is its own. Used by one batch at a time.</summary>
    public object? State { get; set; }

    /// <summary>The partition's end as the broker tells it now.</summary>
    public Task<long> QueryEndOffsetAsync(CancellationToken cancellationToken = default) =>
        EndOffsetQuery?.Invoke(cancellationToken) ?? Task.FromResult(EndOffset);

    /// <summary>
    /// The topic's identifier as the broker tells it now; null where the broker does not tell it. Another than <see cref="TopicId"/> says that
    /// the topic was deleted and made again under this assignment.
    /// </summary>
    /// <exception cref="Confluent.Kafka.KafkaException">The broker does not answer, or there is no such topic now.</exception>
    public Task<string?> QueryTopicIdAsync(CancellationToken cancellationToken = default) =>
        TopicIdQuery?.Invoke(cancellationToken) ?? Task.FromResult(TopicId);

    internal PollClock? Clock { get; init; }
}
