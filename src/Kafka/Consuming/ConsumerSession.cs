using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>
/// One consumer client, from its making to its closing. <see cref="Run"/> is the poll thread: it hands messages to the workers of their
/// partitions, pauses partitions whose buffer is full, and answers rebalances. It never waits for a consumer, except for batches in flight
/// of partitions that are given away.
/// </summary>
internal sealed partial class ConsumerSession : IConsumerSession
{
    private const int IdleMilliseconds = 100;
    private const int PausedMilliseconds = 10;
    private const int FlushMilliseconds = 50;

    private readonly TopicEndpoint _endpoint;
    private readonly TopicEndpointDefinition _definition;
    private readonly string _servers;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly PartitionQuestions _questions;
    private readonly ConcurrentDictionary<TopicPartition, PartitionWorker> _workers = new();
    private readonly List<PartitionWorker> _paused = [];
    private PartitionWorker? _last;
    private bool _failed;
    private long? _drainedBy;

    /// <exception cref="MassTransit.ConfigurationException">librdkafka refuses a setting; the message names it.</exception>
    public ConsumerSession(TopicEndpoint endpoint, ConsumerConfig config, Action<IClient, string>? refreshToken)
    {
        _endpoint = endpoint;
        _definition = endpoint.Definition;
        _servers = config.BootstrapServers;
        var builder = new ConsumerBuilder<byte[], byte[]>(config)
            .SetKeyDeserializer(Deserializers.ByteArray)
            .SetValueDeserializer(Deserializers.ByteArray)
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => LostAll(partitions))
            .SetStatisticsHandler((_, json) => Observed(json))
            .SetOffsetsCommittedHandler((_, committed) => Committed(committed))
            .SetErrorHandler((_, error) => Failed(error))
            .SetLogHandler((_, line) => ClientLog.Write(Logger, line));
        if (refreshToken is not null)
            builder.SetOAuthBearerTokenRefreshHandler(refreshToken);

        _consumer = ClientSecrets.Guard(config, builder.Build);
        _questions = new PartitionQuestions(_consumer.Handle);
    }

    public ILogger Logger => _endpoint.Logger;

    public string Name => _definition.Name;

    /// <summary>The workers of the partitions that are assigned now.</summary>
    public ICollection<PartitionWorker> Workers => _workers.Values;

    /// <summary>Whether the group is joined and no rebalance goes on, as of the last statistics.</summary>
    public bool Steady { get; private set; }

    /// <summary>Polls until the endpoint stops or the client cannot go on, then closes the client.</summary>
    public void Run()
    {
        _consumer.Subscribe(_definition.Topics);
        while (!_endpoint.Stopping && !_failed)
        {
            Poll(_paused.Count > 0 ? PausedMilliseconds : IdleMilliseconds, deliver: true);
            if (_paused.Count > 0)
                ResumeDrained();

            if (Environment.TickCount64 >= _nextFlush)
                Flush();

            RenewRemade();
        }

        Finish();
    }

    /// <summary>Asks the broker about a partition that was just assigned.</summary>
    public async Task<TopicAssignment> DescribeAsync(TopicPartition partition, CancellationToken lost) => new()
    {
        Topic = partition.Topic,
        Partition = partition.Partition,
        TopicId = await _questions.TopicIdAsync(partition.Topic, lost).ConfigureAwait(false),
        EndOffset = await _questions.EndOffsetAsync(partition, lost).ConfigureAwait(false),
        EndOffsetQuery = cancellationToken => _questions.EndOffsetAsync(partition, cancellationToken),
        TopicIdQuery = cancellationToken => _questions.TopicIdAsync(partition.Topic, cancellationToken),
        SessionTimeout = _definition.SessionTimeout,
        Lost = lost,
        Clock = _endpoint.Clock,
    };

    /// <summary>So many messages were applied. Thread-safe.</summary>
    public void Applied(int messages) => Interlocked.Add(ref _uncommitted, messages);

    /// <summary>Stores an offset for the next commit. Thread-safe.</summary>
    public void Store(TopicPartitionOffset next)
    {
        try
        {
            _consumer.StoreOffset(next);
            Interlocked.CompareExchange(ref _storedSince, Stopwatch.GetTimestamp(), 0);
        }
        catch (KafkaException exception)
        {
            // Its messages come again, and whoever applies them sees that they were applied.
            LogNotStored(Logger, Name, next.Topic, next.Partition.Value, next.Offset.Value, exception.Error.Reason);
        }
    }

    /// <summary>Asks for the ends of the assigned partitions, also of paused ones, of which nothing is fetched.</summary>
    public async Task RefreshWatermarksAsync()
    {
        var workers = _workers.Values;
        if (workers.Count == 0)
            return;

        foreach (var end in await _questions.EndOffsetsAsync(workers.Select(worker => worker.Partition)).ConfigureAwait(false))
        {
            if (_workers.TryGetValue(end.TopicPartition, out var worker))
                worker.HeardOf(end.Offset);
        }
    }

    public void Dispose()
    {
        _committing.Wait();
        _questions.Dispose();
        _consumer.Dispose();
    }

    private void Poll(int milliseconds, bool deliver)
    {
        try
        {
            var result = _consumer.Consume(milliseconds);
            _endpoint.Clock.Polled();
            if (result is not null && deliver && !result.IsPartitionEOF)
                Deliver(result);
        }
        catch (KafkaException exception)
        {
            Failed(exception.Error);
        }
    }

    private void Deliver(ConsumeResult<byte[], byte[]> result)
    {
        var worker = _last;
        if (worker is null || result.Partition != worker.Partition.Partition || result.Topic != worker.Partition.Topic)
        {
            if (!_workers.TryGetValue(result.TopicPartition, out worker))
                return;

            _last = worker;
        }

        if (worker.IsBehind(result.Offset))
            worker = _last = Renew(worker, result.TopicPartitionOffset);

        worker.Append(result);
        if (!worker.Paused && worker.Exceeds(_definition.PrefetchCount, _definition.PrefetchBytes))
        {
            _consumer.Pause([worker.Partition]);
            worker.Paused = true;
            _paused.Add(worker);
        }
    }

    private void ResumeDrained()
    {
        for (var i = _paused.Count - 1; i >= 0; i--)
        {
            var worker = _paused[i];
            if (worker.Exceeds((_definition.PrefetchCount / 2) + 1, (_definition.PrefetchBytes / 2) + 1))
                continue;

            _paused.RemoveAt(i);
            worker.Paused = false;
            _consumer.Resume([worker.Partition]);
        }
    }

    private void Observed(string json)
    {
        var statistics = ConsumerStatistics.Parse(json);
        Steady = statistics.Steady;
        if (statistics.Steady)
            _endpoint.HasJoined();

        if (statistics.AnyBrokerUp && statistics.Steady)
            _endpoint.Connection.Over();

        if (statistics.CoordinatorIdle is { } idle)
            _endpoint.Clock.Answered(idle);

        foreach (var partition in statistics.Partitions)
        {
            if (!_workers.TryGetValue(new TopicPartition(partition.Topic, partition.Partition), out var worker))
                continue;

            worker.HeardOf(partition.High);
            if (partition.Committed >= 0)
                worker.BeginsAt(partition.Committed);
            else if (partition.Low >= 0 && _definition.AutoOffsetReset == AutoOffsetReset.Earliest)
                worker.BeginsAt(partition.Low);
        }

        Tell(_definition.Statistics, json);
    }

    private void Failed(Error error)
    {
        var text = $"Kafka at {_servers}: {error.Reason} ({error.Code}).";
        if (ConnectionErrors.Contain(error.Code))
            _endpoint.Connection.Report(ConnectionErrors.Kind, text);
        else if (error.IsFatal)
            _endpoint.Client.Report(error.Code.ToString(), text);
        else
            _endpoint.Subscription.Report(error.Code.ToString(), text);

        _failed |= error.IsFatal || HasLostOffsets(error.Code);
    }

    /// <summary>
    /// Whether the coordinator did not tell the committed offsets: it moved just then, or had only begun. The client gives that to the application, and
    /// does not ask again: its partitions would stay silent until the next rebalance. It does not tell other requests' failures with these codes.
    /// </summary>
    private static bool HasLostOffsets(ErrorCode code) =>
        code is ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.GroupLoadInProgress or ErrorCode.RequestTimedOut
            or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress;
}
