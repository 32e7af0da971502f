using System.Collections.Concurrent;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>Reads a message and sends it through MassTransit's pipeline to its consumers. Thread-safe.</summary>
internal abstract class MessagePipeline(TopicReceiveEndpointContext endpoint, Uri host, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Uri> _addresses = new();
    private readonly ReceiveDispatcher _dispatcher = new(endpoint);

    protected TopicReceiveEndpointContext Endpoint { get; } = endpoint;

    public Uri AddressOf(string topic) => _addresses.GetOrAdd(topic, name => KafkaAddress.OfTopic(host, name));

    /// <summary>Sets what all messages share. Each would set it for itself otherwise, and take it back.</summary>
    public void Enter() => LogContext.SetCurrentIfNull(Endpoint.LogContext);

    /// <summary>Returns what became of it. Fails only once the partition is lost.</summary>
    public ValueTask<DeliveryOutcome> DeliverAsync(TopicDelivery delivery, Uri address, CancellationToken lost) =>
        KafkaActivities.AreListenedTo ? SendTracedAsync(delivery, address, lost) : SendAsync(delivery, address, lost);

    /// <exception cref="UndecodableException">It cannot be read.</exception>
    protected abstract TopicReceiveContext Read(TopicDelivery delivery, Uri address, CancellationToken lost);

    private async ValueTask<DeliveryOutcome> SendTracedAsync(TopicDelivery delivery, Uri address, CancellationToken lost)
    {
        using var activity = ConsumeActivities.Start(Endpoint.Group, delivery.Result);
        if (activity is not null)
            (delivery.Overlay ??= [])[MessageHeaderNames.ActivityId] = activity.Id!;

        var outcome = await SendAsync(delivery, address, lost).ConfigureAwait(false);
        if (outcome.Failure is { } failure)
            ConsumeActivities.Fail(activity, failure);

        return outcome;
    }

    private async ValueTask<DeliveryOutcome> SendAsync(TopicDelivery delivery, Uri address, CancellationToken lost)
    {
        TopicReceiveContext context;
        try
        {
            context = Read(delivery, address, lost);
        }
        catch (UndecodableException exception)
        {
            return new DeliveryOutcome(MessageFailure.BeforeConsumer(exception, clock.GetUtcNow()));
        }

        try
        {
            await _dispatcher.DispatchAsync(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (!lost.IsCancellationRequested)
        {
            // MassTransit takes every cancellation for one of its own, and does not hand it to the filter of failures.
            context.Fault ??= exception;
        }

        lost.ThrowIfCancellationRequested();
        if (context.Redelivery is null && context.Fault is null && !context.Skipped)
            return default;

        return OutcomeOf(delivery, context);
    }

    private DeliveryOutcome OutcomeOf(TopicDelivery delivery, TopicReceiveContext context)
    {
        var now = clock.GetUtcNow();
        if (context.Redelivery is { } delay)
        {
            delivery.FirstFailure ??= now;
            delivery.Attempts += context.Attempts;
            return new DeliveryOutcome(delay);
        }

        if (context.Fault is { } fault)
        {
            return new DeliveryOutcome(new MessageFailure(
                DeadLetterReasons.ConsumerFailed, fault, delivery.Attempts + context.Attempts, context.FaultedConsumer, delivery.FirstFailure ?? now, now));
        }

        var reason = context.Message is Tombstone ? DeadLetterReasons.NullValue : DeadLetterReasons.NoConsumer;
        return new DeliveryOutcome(new MessageFailure(reason, null, delivery.Attempts + 1, null, now, now));
    }
}

/// <inheritdoc/>
internal sealed class MessagePipeline<TKey, T>(
    TopicReceiveEndpointContext endpoint,
    Uri host,
    IDeserializer<TKey> keys,
    IHeadersDeserializer headers,
    IMessageReader<T> reader,
    TimeProvider clock)
    : MessagePipeline(endpoint, host, clock)
    where T : class
{
    // The usual ones are read when they are asked for.
    private readonly bool _ownHeaders = headers != DictionaryHeadersSerialize.Deserializer;

    protected override TopicReceiveContext Read(TopicDelivery delivery, Uri address, CancellationToken lost)
    {
        var result = delivery.Result;
        if (delivery.Stored is { } stored)
            return new TopicReceiveContext<TKey>(Endpoint, delivery, address, stored.Read(result.Message.Value), stored.Id, headers: null, keys, lost);

        var own = _ownHeaders ? Headers(result) : null;
        if (result.Message.Value is null && !reader.ReadsNull)
            return new TopicReceiveContext<TKey>(Endpoint, delivery, address, Tombstone.Instance, MessageIds.In(result), own, keys, lost);

        var decoded = reader.Decode(result.Topic, result);
        return new TopicReceiveContext<TKey>(Endpoint, delivery, address, decoded.Message, decoded.MessageId, own, keys, lost);
    }

    private IHeaderProvider Headers(ConsumeResult<byte[], byte[]> result)
    {
        try
        {
            return headers.Deserialize(result.Message.Headers ?? []);
        }
        catch (Exception exception)
        {
            throw new UndecodableException(DeadLetterReasons.Malformed, $"Its headers cannot be read: {exception.Message}", exception);
        }
    }
}
