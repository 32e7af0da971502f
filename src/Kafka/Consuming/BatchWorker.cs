using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Applies the messages of one partition batch by batch, one batch at a time.</summary>
internal sealed partial class BatchWorker<T>(
    IConsumerSession session,
    TopicPartition partition,
    TopicEndpointDefinition definition,
    IMessageReader<T> decoder,
    DeadLetterProducer deadLetters,
    Type consumer,
    BatchDispatch<T> dispatch) : PartitionWorker(session, partition, definition)
    where T : class
{
    private readonly Channel<ConsumeResult<byte[], byte[]>> _buffer =
        Channel.CreateUnbounded<ConsumeResult<byte[], byte[]>>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly ConsumeResult<byte[], byte[]>[] _taken = new ConsumeResult<byte[], byte[]>[definition.MaxBatchSize];

    protected override async Task RunAsync()
    {
        try
        {
            if (await UntilDoneAsync(() => Session.DescribeAsync(Partition, Lost)).ConfigureAwait(false) is not { } assignment)
                return;

            TopicId = assignment.TopicId;
            while (await _buffer.Reader.WaitToReadAsync(Draining).ConfigureAwait(false))
            {
                await LingerAsync().ConfigureAwait(false);
                var batch = TakeBatch(assignment);
                if (await UntilDoneAsync(() => ApplyAsync(batch)).ConfigureAwait(false) is null)
                    return;

                Store(batch.Batch.LastOffset + 1, batch.Size);
            }
        }
        catch (OperationCanceledException) when (Draining.IsCancellationRequested)
        {
            // The partition goes elsewhere, or the bus stops: what was not stored comes again.
        }
        catch (Exception exception) when (Lost.IsCancellationRequested)
        {
            LogCancelled(Session.Logger, Session.Name, Partition.Topic, Partition.Partition.Value, exception);
        }
        catch (Exception exception)
        {
            Broken = true;
            LogBroken(Session.Logger, Session.Name, Partition.Topic, Partition.Partition.Value, exception);
        }
    }

    protected override void Accept(ConsumeResult<byte[], byte[]> result) => _buffer.Writer.TryWrite(result);

    protected override void Close() => _buffer.Writer.TryComplete();

    private PartitionBatch<T> TakeBatch(TopicAssignment assignment)
    {
        var taken = _taken.AsSpan(0, Take());
        var batch = new PartitionBatch<T>(assignment, taken, decoder, deadLetters, consumer, Definition, TimeProvider.System);

        // Large messages are not kept beyond their batch.
        taken.Clear();
        return batch;
    }

    /// <summary>Takes messages out of the buffer, as many as there are and fit.</summary>
    private int Take()
    {
        var (count, bytes) = (0, 0L);
        while (count < _taken.Length && _buffer.Reader.TryRead(out var result))
        {
            _taken[count++] = result;
            bytes += SizeOf(result);
        }

        Release(count, bytes);
        return count;
    }

    private async Task LingerAsync()
    {
        if (Definition.BatchLinger > TimeSpan.Zero && Buffered < _taken.Length)
            await Task.Delay(Definition.BatchLinger, Draining).ConfigureAwait(false);
    }

    private async Task<PartitionBatch<T>> ApplyAsync(PartitionBatch<T> batch)
    {
        // The good messages first: they do not wait for a dead-letter topic that is not there.
        if (!batch.Applied)
            await batch.ApplyAsync(dispatch, Lost).ConfigureAwait(false);

        await batch.DeadLetterUndecodableAsync().ConfigureAwait(false);
        return batch;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: the batch in flight of {Topic}[{Partition}] was cancelled.")]
    private static partial void LogCancelled(ILogger logger, string endpoint, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Endpoint}: the worker of {Topic}[{Partition}] failed; restart the process.")]
    private static partial void LogBroken(ILogger logger, string endpoint, string topic, int partition, Exception exception);
}
