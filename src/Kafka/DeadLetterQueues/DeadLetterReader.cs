using System.Runtime.CompilerServices;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Reads partitions of dead-letter topics from one offset to another, without a group. Not thread-safe.</summary>
internal sealed class DeadLetterReader : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    private readonly DeadLetterQueueOptions _options;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly IAdminClient _admin;
    private volatile string? _trouble;

    /// <exception cref="InvalidOperationException">librdkafka refuses a setting; the message names it.</exception>
    public DeadLetterReader(DeadLetterQueueOptions options)
    {
        _options = options;
        var config = new ConsumerConfig(new Dictionary<string, string>(options.ClientConfig()))
        {
            // The client wants a name, but no group is joined and nothing is committed.
            GroupId = "iotbus-dead-letters",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AllowAutoCreateTopics = false,

            // The oldest may pass away while they are read.
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = IsolationLevel.ReadCommitted,

            // Bounds what is held of a topic of any length.
            QueuedMaxMessagesKbytes = 16 * 1024,
            FetchMaxBytes = 8 * 1024 * 1024,
            MessageMaxBytes = 1024 * 1024,
            FetchWaitMaxMs = 50,
        };

        // A queue so short is full again and again: the client must look often whether there is room.
        config.Set("fetch.queue.backoff.ms", "10");
        _consumer = new ConsumerBuilder<byte[], byte[]>(config)
            .SetErrorHandler((_, error) => _trouble = error.Reason)
            .SetLogHandler((_, _) => { })
            .Build();
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
    }

    /// <summary>All topics with the number of their partitions.</summary>
    /// <exception cref="KafkaUnavailableException">Kafka does not answer.</exception>
    public Task<Dictionary<string, int>> TopicsAsync(CancellationToken cancellationToken) => AskAsync(
        timeout => _admin.GetMetadata(timeout).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count),
        cancellationToken);

    /// <summary>What the partitions of a topic hold now.</summary>
    /// <exception cref="KafkaUnavailableException">Kafka does not answer.</exception>
    public async Task<List<PartitionSpan>> SpansAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        List<PartitionSpan> spans = [];
        foreach (var partition in Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)))
        {
            var watermarks = await AskAsync(timeout => _consumer.QueryWatermarkOffsets(partition, timeout), cancellationToken).ConfigureAwait(false);
            spans.Add(new PartitionSpan(partition, watermarks.Low, watermarks.High));
        }

        return spans;
    }

    /// <summary>The records of these partitions, each partition's in order.</summary>
    /// <exception cref="KafkaUnavailableException">Kafka does not answer for as long as it may take.</exception>
    /// <exception cref="KafkaException">Kafka refuses it.</exception>
    public async IAsyncEnumerable<ConsumeResult<byte[], byte[]>> ReadAsync(
        IEnumerable<PartitionSpan> spans, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = spans.Where(span => span.Length > 0).ToDictionary(span => span.Partition);
        _consumer.Assign(open.Values.Select(span => new TopicPartitionOffset(span.Partition, span.First)));
        var heard = Environment.TickCount64;
        while (open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((Consume(TimeSpan.Zero) ?? await Task.Run(() => Consume(Poll), cancellationToken).ConfigureAwait(false)) is not { } result)
            {
                if (Environment.TickCount64 - heard > _options.Timeout.TotalMilliseconds)
                    throw Unavailable(_trouble ?? "no answer.");

                continue;
            }

            heard = Environment.TickCount64;
            if (!open.TryGetValue(result.TopicPartition, out var span))
                continue;

            if (result.IsPartitionEOF || result.Offset >= span.End - 1)
            {
                open.Remove(result.TopicPartition);
                _consumer.IncrementalUnassign([result.TopicPartition]);
            }

            if (!result.IsPartitionEOF && result.Offset < span.End)
                yield return result;
        }

        _consumer.Unassign();
    }

    public void Dispose()
    {
        _admin.Dispose();
        _consumer.Dispose();
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan timeout)
    {
        try
        {
            return _consumer.Consume(timeout);
        }
        catch (ConsumeException exception) when (ConnectionErrors.Contain(exception.Error.Code))
        {
            // The client goes on trying by itself.
            _trouble = exception.Error.Reason;
            return null;
        }
    }

    /// <summary>In slices, so that it can be cancelled without leaving the client in use behind.</summary>
    private async Task<T> AskAsync<T>(Func<TimeSpan, T> ask, CancellationToken cancellationToken)
    {
        var started = Environment.TickCount64;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = _options.Timeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - started);
            try
            {
                return await Task.Run(() => ask(left > Slice ? Slice : left > Poll ? left : Poll), CancellationToken.None).ConfigureAwait(false);
            }
            catch (KafkaException exception) when (ConnectionErrors.Contain(exception.Error.Code))
            {
                // The client tells why only when it is asked for messages.
                Consume(TimeSpan.Zero);
                if (left <= Slice)
                    throw Unavailable(_trouble ?? exception.Error.Reason, exception);
            }

            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    private KafkaUnavailableException Unavailable(string reason, Exception? exception = null) =>
        new($"Kafka at {_options.BootstrapServers} did not answer within {_options.Timeout.TotalSeconds:0.###} s: {reason}", exception);
}
