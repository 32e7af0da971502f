using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Middleware;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Gives an endpoint's consumers what an outbox has kept for them, no more at once than its limit says. Thread-safe.</summary>
internal sealed partial class StoredDispatch(
    MessagePipeline pipeline, TopicEndpointDefinition definition, DeadLetterProducer deadLetters, SemaphoreSlim limit, ILogger logger)
{
    /// <summary>How many at once if nothing is said: about as many as partitions would bring.</summary>
    public const int UsualLimit = 16;

    /// <summary>How long the end of a consumption is remembered for who gave up waiting for it: much longer than anybody pauses who comes again.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _running = [];
    private DispatchStop _stop = new();

    public void Start() => _stop = new DispatchStop();

    /// <summary>Begins nothing any more; waits for what runs, and cancels what does not end in time. The outbox keeps that.</summary>
    public async Task StopAsync()
    {
        await _stop.Draining.CancelAsync().ConfigureAwait(false);
        var running = Task.WhenAll(_running.Values.Select(one => one.Value));
        _stop.Lost.CancelAfter(definition.ShutdownTimeout);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Ends when the consumers have taken it, or it is with the dead letters. Whoever gave up waiting and comes again waits for the same consumption.
    /// </summary>
    public async Task DispatchAsync(OutboxMessageContext message, CancellationToken cancellationToken)
    {
        var id = message.MessageId;
        var running = Running(message, id, cancellationToken);
        if (running.Value.IsCanceled)
        {
            // It was given up before it began, or with the bus.
            _running.TryRemove(new KeyValuePair<Guid, Lazy<Task>>(id, running));
            running = Running(message, id, cancellationToken);
        }

        try
        {
            await running.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Not before somebody has heard of it: it may end between two attempts. But another process may have delivered it meanwhile.
            if (running.Value.IsCompleted)
                _running.TryRemove(new KeyValuePair<Guid, Lazy<Task>>(id, running));
            else
                _ = ForgetAsync(id, running);
        }
    }

    private Lazy<Task> Running(OutboxMessageContext message, Guid id, CancellationToken cancellationToken)
    {
        var stop = _stop;
        return _running.GetOrAdd(
            id, _ => new Lazy<Task>(() => Task.Run(() => RunAsync(message, id, stop, cancellationToken), CancellationToken.None)));
    }

    private async Task ForgetAsync(Guid id, Lazy<Task> running)
    {
        await running.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(Remembered).ConfigureAwait(false);
        _running.TryRemove(new KeyValuePair<Guid, Lazy<Task>>(id, running));
    }

    private async Task RunAsync(OutboxMessageContext message, Guid id, DispatchStop stop, CancellationToken cancellationToken)
    {
        var origin = StoredOrigin.Read(message);
        var topic = origin.Topic.Length > 0 ? origin.Topic : definition.Topics[0];
        var record = StoredRecord.Read(message, topic);
        var result = new ConsumeResult<byte[], byte[]>
        {
            Topic = topic,
            Partition = origin.Partition,
            Offset = origin.Offset,
            Message = record.ToMessage(),
        };
        var delivery = new TopicDelivery(result, place: 0) { Stored = new StoredMessage(id, origin.Type) };

        // What has not begun when the waiting ends begins with the next attempt, wherever that is.
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Draining.Token);
        for (var begin = waiting.Token; ; begin = stop.Draining.Token)
        {
            var outcome = await DeliverAsync(delivery, topic, begin, stop.Lost.Token).ConfigureAwait(false);
            if (outcome.Failure is { } failure)
                await PutAsideAsync(result, failure).ConfigureAwait(false);

            if (outcome.Redelivery is not { } delay)
                return;

            // The outbox keeps it meanwhile.
            await Task.Delay(delay, stop.Draining.Token).ConfigureAwait(false);
        }
    }

    private async Task<DeliveryOutcome> DeliverAsync(TopicDelivery delivery, string topic, CancellationToken begin, CancellationToken lost)
    {
        await limit.WaitAsync(begin).ConfigureAwait(false);
        try
        {
            return await pipeline.DeliverAsync(delivery, pipeline.AddressOf(topic), lost).ConfigureAwait(false);
        }
        finally
        {
            limit.Release();
        }
    }

    private async Task PutAsideAsync(ConsumeResult<byte[], byte[]> result, MessageFailure failure)
    {
        switch (definition.FailurePolicy)
        {
            case FailurePolicy.Skip:
                KafkaMetrics.Skipped(result.Topic, failure.Reason);
                LogSkipped(definition.Name, failure.Reason, failure.Exception);
                return;
            case FailurePolicy.StopPartition:
                throw new InvalidOperationException($"{definition.Name}: the scheduled message failed, and waits: {failure.Reason}.", failure.Exception);
            default:
                await deadLetters.Produce(result.Topic, result, failure).ConfigureAwait(false);
                return;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint}: a scheduled message was passed over: {Reason}.")]
    private partial void LogSkipped(string endpoint, string reason, Exception? exception);

#pragma warning disable CA1001 // Consumers may hold a token longer than this lives; a timer ends with its time.
    /// <summary>The end of one run of the bus, which may start again.</summary>
    private sealed class DispatchStop
    {
        /// <summary>Cancelled when nothing is to begin any more.</summary>
        public CancellationTokenSource Draining { get; } = new();

        /// <summary>Cancelled when what runs is not waited for any longer.</summary>
        public CancellationTokenSource Lost { get; } = new();
    }
#pragma warning restore CA1001
}
