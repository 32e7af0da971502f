using Confluent.Kafka;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.InMemoryOutbox;
using MassTransit.Observables;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>
/// Produces send contexts to a topic: what the usual way cannot do, because a pipe, a filter, an observer, an outbox or a serializer that waits has a
/// part in it. Thread-safe.
/// </summary>
internal sealed class TopicSender(ProducerHost host, ProducerSlot client, string topic, IHeadersSerializer headersSerializer)
{
    public ProducerHost Host { get; } = host;

    public string Topic { get; } = topic;

    public Uri Address { get; } = KafkaAddress.OfTopic(host.Address, topic);

    public SendObservable Observers { get; } = new();

    /// <summary>Whether anyone observes what is produced.</summary>
    public bool IsObserved =>
        Observers.Count > 0 || Host.Observers.Count > 0 || Host.BusObservers is not SendObservable { Count: 0 };

    /// <exception cref="InvalidOperationException">The bus is not started.</exception>
    public IRecordProducer Client => client.Producer;

    /// <summary>Runs the filters and pipes in the order in which MassTransit runs them: the one that the caller gave is the last.</summary>
    public async Task PrepareAsync<TKey, T>(
        KafkaMessageSendContext<TKey, T> context, ProduceScope scope, IPipe<SendContext<T>>? initialized, IPipe<KafkaSendContext<TKey, T>>? pipe)
        where T : class
    {
        context.DestinationAddress = Address;
        context.Serialization = Host.Serialization;
        if (scope.Services is { } services)
            context.GetOrAddPayload(() => services);

        if (scope.Consuming is { } consuming)
            context.TransferConsumeContextHeaders(consuming);

        if (pipe is ISendContextPipe first)
            await first.Send(context).ConfigureAwait(false);

        await Host.SendPipe.Send(context).ConfigureAwait(false);
        if (initialized is not null && initialized.IsNotEmpty())
            await initialized.Send(context).ConfigureAwait(false);

        if (pipe is not null && pipe.IsNotEmpty())
            await pipe.Send(context).ConfigureAwait(false);

        context.SourceAddress ??= Host.Address;
        context.ConversationId ??= NewId.NextGuid();
    }

    /// <summary>Hands it to the outbox of what is consumed; produces it where there is none.</summary>
    public Task SendAsync<TKey, T>(KafkaMessageSendContext<TKey, T> context, ConsumeContext? consuming)
        where T : class
    {
        if (consuming is not null)
        {
            if (consuming.TryGetPayload(out OutboxSendContext? outbox) && Takes(outbox))
                return CaptureAsync(outbox, context);

            if (consuming.TryGetPayload(out OutboxContext? pending))
                return pending.Add(() => ProduceAsync(context));
        }

        return ProduceAsync(context);
    }

    private static bool Takes(OutboxSendContext outbox)
    {
        // MassTransit's own deliver what they stored to its transports, and would lose it there.
        var assembly = outbox.GetType().Assembly.GetName().Name!;
        return assembly != "MassTransit" && !assembly.StartsWith("MassTransit.", StringComparison.Ordinal);
    }

    private async Task CaptureAsync<TKey, T>(OutboxSendContext outbox, KafkaMessageSendContext<TKey, T> context)
        where T : class
    {
        await CaptureAsync(context).ConfigureAwait(false);
        await outbox.AddSend(context).ConfigureAwait(false);
    }

    /// <summary>Makes of it what an outbox stores.</summary>
    public async Task CaptureAsync<TKey, T>(KafkaMessageSendContext<TKey, T> context)
        where T : class
    {
        using var activity = KafkaActivities.StartCapture(this, context);
        context.Capture(await RecordAsync(context).ConfigureAwait(false));
    }

    private async Task ProduceAsync<TKey, T>(KafkaMessageSendContext<TKey, T> context)
        where T : class
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        using var activity = KafkaActivities.StartSend(this, context);
        try
        {
            await ForEachObserverAsync(observer => observer.PreSend(context)).ConfigureAwait(false);
            var record = await RecordAsync(context).ConfigureAwait(false);
            KafkaActivities.Tell(activity, record);

            // The message cannot be called back: only the wait for it ends.
            await Client.Produce(Topic, record.ToMessage(), partition: record.Partition).WaitAsync(context.CancellationToken).ConfigureAwait(false);
            await ForEachObserverAsync(observer => observer.PostSend(context)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            KafkaActivities.Fail(activity, exception);
            await ForEachObserverAsync(observer => observer.SendFault(context, exception)).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<TopicRecord> RecordAsync<TKey, T>(KafkaMessageSendContext<TKey, T> context)
        where T : class
    {
        var headers = headersSerializer.Serialize(context) ?? [];
        var key = context.HasKey ? await WriteAsync(context.KeySerializer, context.Key, MessageComponentType.Key, headers).ConfigureAwait(false) : null;
        var value = await WriteAsync(context.ValueSerializer, context.Message, MessageComponentType.Value, headers).ConfigureAwait(false);
        return new TopicRecord(Topic, context.Partition, key, value, headers);
    }

    private Task<byte[]> WriteAsync<TData>(
        IAsyncSerializer<TData> serializer, TData data, MessageComponentType component, Confluent.Kafka.Headers headers) =>
        serializer.SerializeAsync(data, new SerializationContext(component, Topic, headers));

    private async Task ForEachObserverAsync(Func<ISendObserver, Task> tell)
    {
        if (!IsObserved)
            return;

        await tell(Observers).ConfigureAwait(false);
        await tell(Host.Observers).ConfigureAwait(false);
        await tell(Host.BusObservers).ConfigureAwait(false);
    }
}
