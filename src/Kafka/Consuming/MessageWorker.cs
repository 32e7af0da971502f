using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>
/// Applies the messages of one partition one by one, several keys at once. An offset is stored when its message and all before it are done.
/// </summary>
internal sealed partial class MessageWorker : PartitionWorker
{
    private readonly MessagePipeline _pipeline;
    private readonly DeadLetterProducer _deadLetters;
    private readonly SemaphoreSlim? _endpointLimit;
    private readonly OffsetWindow _window = new();
    private readonly DeliveryLanes _lanes;
    private readonly Uri _address;
    private int _waitingForDeadLetters;

    public MessageWorker(
        IConsumerSession session,
        TopicPartition partition,
        TopicEndpointDefinition definition,
        MessagePipeline pipeline,
        DeadLetterProducer deadLetters,
        SemaphoreSlim? endpointLimit)
        : base(session, partition, definition)
    {
        _pipeline = pipeline;
        _deadLetters = deadLetters;
        _endpointLimit = endpointLimit;
        _lanes = new DeliveryLanes(definition.ConcurrentDeliveryLimit, WorkAsync, pipeline.Enter);
        _address = pipeline.AddressOf(partition.Topic);
    }

    public override int InFlight => _lanes.Running;

    public override bool Failing => base.Failing || Volatile.Read(ref _waitingForDeadLetters) > 0;

    protected override async Task RunAsync()
    {
        try
        {
            if (await UntilDoneAsync(() => Session.DescribeAsync(Partition, Lost)).ConfigureAwait(false) is not { } assignment)
                return;

            TopicId = assignment.TopicId;
            _lanes.Open();
            await _lanes.Ended.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Draining.IsCancellationRequested)
        {
            // The partition goes elsewhere, or the bus stops, before anything was begun.
        }
        catch (Exception exception) when (Lost.IsCancellationRequested)
        {
            // What was asked of the broker failed as the partition was lost. Whoever waits for this worker must not fail with it.
            LogNotBegun(Session.Logger, Session.Name, Partition.Topic, Partition.Partition.Value, exception);
        }
    }

    protected override void Accept(ConsumeResult<byte[], byte[]> result) => _lanes.Add(new TopicDelivery(result, _window.Add(result.Offset)));

    protected override void Close() => _lanes.Close();

    /// <summary>Works a message until it is done, is to be delivered again later, or the partition has ended.</summary>
    private async Task WorkAsync(TopicDelivery delivery)
    {
        try
        {
            var outcome = _endpointLimit is null
                ? await _pipeline.DeliverAsync(delivery, _address, Lost).ConfigureAwait(false)
                : await DeliverLimitedAsync(delivery, _endpointLimit).ConfigureAwait(false);
            if (outcome.Redelivery is { } delay)
                _ = RedeliverAsync(delivery, delay);
            else if (outcome.Failure is null || await PutAsideAsync(delivery, outcome.Failure).ConfigureAwait(false))
                Done(delivery);
        }
        catch (OperationCanceledException) when (Draining.IsCancellationRequested || Lost.IsCancellationRequested)
        {
            // It was not done, so it comes again.
        }
        catch (Exception exception)
        {
            // An error of the worker's own: the offset stays, and so does everything behind it.
            Broken = true;
            LogBroken(Session.Logger, Session.Name, Partition.Topic, Partition.Partition.Value, exception);
            Close();
        }
    }

    /// <summary>A dead letter that waits for its topic takes no other message's place.</summary>
    private async ValueTask<DeliveryOutcome> DeliverLimitedAsync(TopicDelivery delivery, SemaphoreSlim limit)
    {
        await limit.WaitAsync(Draining).ConfigureAwait(false);
        try
        {
            return await _pipeline.DeliverAsync(delivery, _address, Lost).ConfigureAwait(false);
        }
        finally
        {
            limit.Release();
        }
    }

    private void Done(TopicDelivery delivery)
    {
        var moved = _window.Complete(delivery.Place, out var next);
        Release(moved, SizeOf(delivery.Result));
        if (moved > 0)
            Store(next, moved);
    }

    /// <summary>The messages behind it go on meanwhile, also those of its key.</summary>
    private async Task RedeliverAsync(TopicDelivery delivery, TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, Draining).ConfigureAwait(false);
            _lanes.Add(delivery);
        }
        catch (OperationCanceledException)
        {
            // Its offset is not stored, so it comes again.
        }
    }

    /// <summary>Deals with a message that failed for good. False when it stays where it is.</summary>
    private async Task<bool> PutAsideAsync(TopicDelivery delivery, MessageFailure failure)
    {
        switch (Definition.FailurePolicy)
        {
            case FailurePolicy.Skip:
                KafkaMetrics.Skipped(Partition.Topic, failure.Reason);
                LogSkipped(Session.Logger, Session.Name, Partition.Topic, Partition.Partition.Value, delivery.Result.Offset, failure.Reason, failure.Exception);
                return true;
            case FailurePolicy.StopPartition:
                Halted = true;
                LogHalted(Session.Logger, Session.Name, Partition.Topic, Partition.Partition.Value, delivery.Result.Offset, failure.Reason, failure.Exception);
                Close();
                return false;
            default:
                return await DeadLetterAsync(delivery, failure).ConfigureAwait(false);
        }
    }

    private async Task<bool> DeadLetterAsync(TopicDelivery delivery, MessageFailure failure)
    {
        var waiting = false;
        var backoff = new RetryBackoff(Definition.RetryDelay, Definition.MaxRetryDelay);
        try
        {
            while (!Lost.IsCancellationRequested)
            {
                try
                {
                    await _deadLetters.Produce(Partition.Topic, delivery.Result, failure).ConfigureAwait(false);
                    Problem.Over();
                    return true;
                }
                catch (Exception exception) when (!Lost.IsCancellationRequested)
                {
                    if (!waiting)
                        Interlocked.Increment(ref _waitingForDeadLetters);

                    waiting = true;
                    var text = $"{exception.GetType().Name}: {exception.Message}";
                    Problem.Report(text, text, exception);
                }

                await Task.Delay(backoff.Next(), Draining).ConfigureAwait(false);
            }

            return false;
        }
        finally
        {
            if (waiting)
                Interlocked.Decrement(ref _waitingForDeadLetters);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: the message at {Topic}[{Partition}] offset {Offset} was passed over: {Reason}.")]
    private static partial void LogSkipped(ILogger logger, string endpoint, string topic, int partition, long offset, string reason, Exception? exception);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "{Endpoint}: {Topic}[{Partition}] stopped before the message at offset {Offset}, which failed: {Reason}. Mend the reason and restart the "
            + "process, or let its endpoint have another failure policy.")]
    private static partial void LogHalted(ILogger logger, string endpoint, string topic, int partition, long offset, string reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Endpoint}: {Topic}[{Partition}] was lost before it was begun.")]
    private static partial void LogNotBegun(ILogger logger, string endpoint, string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Endpoint}: the worker of {Topic}[{Partition}] failed; restart the process.")]
    private static partial void LogBroken(ILogger logger, string endpoint, string topic, int partition, Exception exception);
}
