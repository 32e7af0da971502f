using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed partial class PartitionWorker<T>(
    ConsumerSession session,
    TopicPartition partition,
    TopicEndpointDefinition<T> definition,
    MessageDecoder<T> decoder,
    DeadLetterProducer deadLetters,
    BatchDispatch<T> dispatch) : PartitionWorker(session, partition)
    where T : class
{
    private readonly ConsumeResult<byte[], byte[]>[] _taken = new ConsumeResult<byte[], byte[]>[definition.MaxBatchSize];
    private readonly RetryBackoff _backoff = new(definition.RetryDelay, definition.MaxRetryDelay);
    private readonly ProblemLog _problem = new(
        session.Logger,
        $"{session.Name}, {partition.Topic}[{partition.Partition.Value}]",
        "It is tried again until it succeeds, and the partition waits.");

    protected override async Task RunAsync()
    {
        try
        {
            if (await UntilDoneAsync(() => Session.DescribeAsync(Partition, Lost)).ConfigureAwait(false) is not { } assignment)
                return;

            TopicId = assignment.TopicId;
            while (await Buffer.WaitToReadAsync(Draining).ConfigureAwait(false))
            {
                await LingerAsync().ConfigureAwait(false);
                var batch = TakeBatch(assignment);
                if (await UntilDoneAsync(() => ApplyAsync(batch)).ConfigureAwait(false) is null)
                    return;

                Store(batch.Batch.LastOffset + 1);
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

    private PartitionBatch<T> TakeBatch(TopicAssignment assignment)
    {
        var taken = _taken.AsSpan(0, Take(_taken));
        var batch = new PartitionBatch<T>(assignment, taken, decoder, deadLetters, definition.ConsumerType!, TimeProvider.System);

        // Large messages are not kept beyond their batch.
        taken.Clear();
        return batch;
    }

    private async Task LingerAsync()
    {
        if (definition.BatchLinger > TimeSpan.Zero && Buffered < _taken.Length)
            await Task.Delay(definition.BatchLinger, Draining).ConfigureAwait(false);
    }

    private async Task<PartitionBatch<T>> ApplyAsync(PartitionBatch<T> batch)
    {
        // The good messages first: they do not wait for a dead-letter topic that is not there.
        if (!batch.Applied)
            await batch.ApplyAsync(dispatch, Lost).ConfigureAwait(false);

        await batch.DeadLetterUndecodableAsync().ConfigureAwait(false);
        return batch;
    }

    /// <summary>Tries until it succeeds. Null when the partition ended before.</summary>
    private async Task<TResult?> UntilDoneAsync<TResult>(Func<Task<TResult>> attempt)
        where TResult : class
    {
        while (!Lost.IsCancellationRequested)
        {
            try
            {
                var result = await attempt().ConfigureAwait(false);
                Failing = false;
                _backoff.Reset();
                _problem.Over();
                return result;
            }
            catch (Exception exception) when (!Lost.IsCancellationRequested)
            {
                Failing = true;
                var text = $"{exception.GetType().Name}: {exception.Message}";
                _problem.Report(text, text, exception);
            }

            await Task.Delay(_backoff.Next(), Draining).ConfigureAwait(false);
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: the batch in flight of {Topic}[{Partition}] was cancelled.")]
    private static partial void LogCancelled(ILogger logger, string endpoint, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Endpoint}: the worker of {Topic}[{Partition}] failed; restart the process.")]
    private static partial void LogBroken(ILogger logger, string endpoint, string topic, int partition, Exception exception);
}
