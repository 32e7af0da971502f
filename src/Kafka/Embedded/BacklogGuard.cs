using System.Collections.Concurrent;
using System.Security.Cryptography;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace IotBus.Kafka.Embedded;

/// <summary>
/// Keeps producers from filling the embedded broker, which silently drops the oldest batches of a partition beyond its bound: what is
/// produced but not yet committed by the consumer groups is counted by partition, and a message that would come near the bound fails with
/// <see cref="ProduceFailure.BacklogFull"/>. A rider uses the guard that is registered in its container, or given to
/// <see cref="IKafkaFactoryConfigurator.GuardBacklog"/>; all that produce to the guarded topics must share one. Thread-safe.
/// </summary>
/// <remarks>
/// Messages count with their uncompressed size, each as if it were a batch of its own, so the guard errs on the safe side: it allows less
/// than the broker would keep. Dead letters are not counted.
/// </remarks>
public sealed class BacklogGuard : IAsyncDisposable
{
    /// <summary>The bytes of a partition that may wait: four fifths of what the broker keeps.</summary>
    public const long PartitionBytes = EmbeddedKafka.PartitionBytes / 5 * 4;

    // The headers of a batch and of a record of message format 2, at their largest. A batch each also keeps the count of batches below the
    // broker's bound.
    private const int BatchOverhead = 61;
    private const int RecordOverhead = 40;
    private const int HeaderOverhead = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly EmbeddedKafka _broker;
    private readonly string[] _groups;
    private readonly ConcurrentDictionary<(string Topic, int Partition), PartitionBacklog> _partitions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IAdminClient _client;
    private readonly Task _following;

    /// <param name="broker">The broker; topics made by its <see cref="EmbeddedKafka.CreateTopic"/> are guarded, others are not.</param>
    /// <param name="groups">The groups that consume what is produced; the slowest counts. One that has committed nothing has consumed
    /// nothing.</param>
    public BacklogGuard(EmbeddedKafka broker, params string[] groups)
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Length == 0)
            throw new ArgumentException("Name the consumer groups: without one nothing would ever be consumed.", nameof(groups));

        _broker = broker;
        _groups = groups;
        _client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers, ReconnectBackoffMaxMs = 200 })
            .SetLogHandler((_, _) => { })
            .Build();
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Stops following the groups. No message is taken from then on beyond what fits.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        _client.Dispose();
        _stop.Dispose();
    }

    /// <summary>Reserves room for a message on its partition; null when there is none.</summary>
    /// <param name="topic">The topic it is for.</param>
    /// <param name="chosen">The partition it must go to; <see cref="Partition.Any"/> when its key decides.</param>
    /// <param name="record">The message, with its headers.</param>
    /// <param name="reservation">What to settle with the delivery report; default for a topic that is not guarded.</param>
    /// <returns>Whether the message may be produced.</returns>
    internal bool TryReserve(string topic, Partition chosen, RecordBuffer record, out BacklogReservation reservation)
    {
        reservation = default;
        if (_broker.PartitionsOf(topic) is not { } partitions)
            return true;

        var partition = chosen != Partition.Any ? chosen.Value
            : record.HasKey ? Murmur2.Partition(record.Key, partitions)
            : RandomNumberGenerator.GetInt32(partitions);
        var backlog = _partitions.GetOrAdd((topic, partition), static _ => new PartitionBacklog(PartitionBytes));
        var size = checked((int)(BatchOverhead + RecordOverhead + (HeaderOverhead * record.HeaderCount) + record.Size));
        if (!backlog.TryReserve(size))
            return false;

        reservation = new BacklogReservation(backlog, partition, size);
        return true;
    }

    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    await RefreshAsync().ConfigureAwait(false);
                }
                catch (KafkaException)
                {
                    // The broker was taken down: nothing is consumed meanwhile, and nothing is freed.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task RefreshAsync()
    {
        var guarded = _partitions.Keys.ToList();
        if (guarded.Count == 0)
            return;

        List<Dictionary<(string, int), long>> committed = [];
        foreach (var group in _groups)
            committed.Add(await CommittedAsync(group, guarded).ConfigureAwait(false));

        foreach (var partition in guarded)
            _partitions[partition].ConsumedUpTo(committed.Min(group => group.GetValueOrDefault(partition, 0)));
    }

    private async Task<Dictionary<(string Topic, int Partition), long>> CommittedAsync(string group, List<(string Topic, int Partition)> partitions)
    {
        var answers = await _client.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, [.. partitions.Select(partition => new TopicPartition(partition.Topic, partition.Partition))])],
            new ListConsumerGroupOffsetsOptions { RequestTimeout = TimeSpan.FromSeconds(2) }).WaitAsync(_stop.Token).ConfigureAwait(false);
        return answers[0].Partitions
            .Where(offset => !offset.Offset.IsSpecial)
            .ToDictionary(offset => (offset.Topic, offset.Partition.Value), offset => offset.Offset.Value);
    }
}
