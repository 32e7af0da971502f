using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit.Middleware;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>Gives an endpoint's consumers what an outbox has kept for them. Thread-safe.</summary>
internal sealed partial class StoredDispatch(MessagePipeline pipeline, TopicEndpointDefinition definition, DeadLetterProducer deadLetters, ILogger logger)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _running = [];

    /// <summary>
    /// Ends when the consumers have taken it, or it is with the dead letters. Whoever gave up waiting and comes again waits for the same consumption.
    /// </summary>
    public async Task DispatchAsync(OutboxMessageContext message, CancellationToken cancellationToken)
    {
        var id = message.MessageId;
        var running = _running.GetOrAdd(id, _ => new Lazy<Task>(() => RunAsync(message, id)));
        try
        {
            await running.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Not before somebody has heard of it: it may end between two attempts.
            if (running.Value.IsCompleted)
                _running.TryRemove(new KeyValuePair<Guid, Lazy<Task>>(id, running));
        }
    }

    private async Task RunAsync(OutboxMessageContext message, Guid id)
    {
        var origin = StoredOrigin.Read(message);
        var record = StoredRecord.Read(message, origin.Topic);
        var result = new ConsumeResult<byte[], byte[]>
        {
            Topic = origin.Topic,
            Partition = origin.Partition,
            Offset = origin.Offset,
            Message = record.ToMessage(),
        };
        var delivery = new TopicDelivery(result, place: 0) { Stored = new StoredMessage(id, origin.Type) };
        var address = pipeline.AddressOf(origin.Topic);
        while (true)
        {
            var outcome = await pipeline.DeliverAsync(delivery, address, CancellationToken.None).ConfigureAwait(false);
            if (outcome.Failure is { } failure)
                await PutAsideAsync(result, failure).ConfigureAwait(false);

            if (outcome.Redelivery is not { } delay)
                return;

            // The outbox keeps it meanwhile.
            await Task.Delay(delay).ConfigureAwait(false);
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
}
