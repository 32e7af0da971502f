using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using Confluent.Kafka;
using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>
/// A message on its way through MassTransit's pipeline. What few consumers ask for (headers, body, tasks) is made when it is asked for.
/// </summary>
internal class TopicReceiveContext : ReceiveContext, KafkaConsumeContext, MessageRedeliveryContext
{
    private static readonly ContentType Json = new("application/json");

    private readonly TopicReceiveEndpointContext _endpoint;
    private readonly TopicDelivery _delivery;
    private readonly IHeaderProvider? _ownHeaders;
    private readonly CancellationToken _lost;
    private readonly long _received = Stopwatch.GetTimestamp();
    private TopicConsumeContext? _consumeContext;
    private JsonTransportHeaders? _transportHeaders;
    private TopicHeaders? _headers;
    private List<Task>? _tasks;
    private MessageBody? _body;
    private LatePayloads _payloads;

    /// <param name="endpoint">Whose message it is.</param>
    /// <param name="delivery">The message as it came.</param>
    /// <param name="inputAddress">The topic's address.</param>
    /// <param name="message">The decoded message.</param>
    /// <param name="messageId">Its identifier.</param>
    /// <param name="headers">Its headers, where the application reads them itself.</param>
    /// <param name="lost">Cancelled when the partition is lost.</param>
    public TopicReceiveContext(
        TopicReceiveEndpointContext endpoint,
        TopicDelivery delivery,
        Uri inputAddress,
        object message,
        Guid messageId,
        IHeaderProvider? headers,
        CancellationToken lost)
    {
        _ownHeaders = headers;
        _endpoint = endpoint;
        _delivery = delivery;
        _lost = lost;
        InputAddress = inputAddress;
        Message = message;
        MessageId = messageId;
    }

    public ConsumeResult<byte[], byte[]> Result => _delivery.Result;

    public object Message { get; }

    public Guid MessageId { get; }

    /// <summary>What its consumers threw at last.</summary>
    public Exception? Fault { get; set; }

    /// <summary>The consumer that failed.</summary>
    public string? FaultedConsumer { get; private set; }

    /// <summary>How often consumers have tried it in this delivery.</summary>
    public int Attempts { get; set; } = 1;

    /// <summary>No consumer took it.</summary>
    public bool Skipped { get; set; }

    /// <summary>It is to be delivered again after so long.</summary>
    public TimeSpan? Redelivery { get; private set; }

    public TopicHeaders Headers => _headers ??= new TopicHeaders(Result.Message.Headers, _delivery.Overlay, _ownHeaders);

    public CancellationToken CancellationToken => _lost;

    public TimeSpan ElapsedTime => Stopwatch.GetElapsedTime(_received);

    public Uri InputAddress { get; }

    public ContentType ContentType => Json;

    public bool Redelivered => _delivery.Attempts > 0;

    public MassTransit.Headers TransportHeaders => _transportHeaders ??= new JsonTransportHeaders(Headers);

    public Task ReceiveCompleted => _tasks is null ? Task.CompletedTask : CompletedAsync();

    public bool IsDelivered { get; private set; }

    public bool IsFaulted { get; private set; }

    public ISendEndpointProvider SendEndpointProvider => _endpoint.SendEndpointProvider;

    public IPublishEndpointProvider PublishEndpointProvider => _endpoint.PublishEndpointProvider;

    public bool PublishFaults => _endpoint.PublishFaults;

    public MessageBody Body => _body ??= new BytesMessageBody(Result.Message.Value ?? []);

    /// <summary>Makes the scopes of its consumers.</summary>
    public IServiceScopeFactory? Scopes => _endpoint.Scopes;

    /// <summary>Whether this is the message as it came: no filter has put a context of its own before it, or given it anything.</summary>
    public bool IsBare(ConsumeContext context) => !_payloads.Any && _consumeContext?.IsFirst(context) == true;

    /// <summary>The address by which what is scheduled comes to this endpoint's own consumers.</summary>
    public Uri EndpointAddress => _endpoint.GroupAddress;

    public string GroupId => _endpoint.Group;

    public string Topic => Result.Topic;

    public int Partition => Result.Partition.Value;

    public long Offset => Result.Offset.Value;

    public DateTime CheckpointUtcDateTime => Result.Message.Timestamp.UtcDateTime;

    public bool HasPayloadType(Type payloadType) =>
        payloadType.IsInstanceOfType(this) || _payloads.Has(payloadType) || _endpoint.HasPayloadType(payloadType);

    public bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        if (typeof(T) != typeof(ConsumeContext))
            return (payload = this as T) is not null || _payloads.TryGet(out payload) || _endpoint.TryGetPayload(out payload);

        payload = (T)(object)(_consumeContext ??= new TopicConsumeContext(this));
        return true;
    }

    public T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory)
        where T : class => TryGetPayload<T>(out var payload) ? payload : _payloads.Added.GetOrAddPayload(payloadFactory);

    public T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory)
        where T : class
    {
        if (this is T own)
            return own;

        // What the endpoint has is there for all messages: the update is this one's alone.
        if (!_payloads.TryGet<T>(out _) && _endpoint.TryGetPayload<T>(out var payload))
            return _payloads.Added.AddOrUpdatePayload(() => updateFactory(payload), updateFactory);

        return _payloads.Added.AddOrUpdatePayload(addFactory, updateFactory);
    }

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class
    {
        IsDelivered = true;
        return _endpoint.IsObserved ? _endpoint.ReceiveObservers.PostConsume(context, duration, consumerType) : Task.CompletedTask;
    }

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        IsFaulted = true;
        FaultedConsumer = consumerType;
        return _endpoint.ReceiveObservers.ConsumeFault(context, duration, consumerType, exception);
    }

    public Task NotifyFaulted(Exception exception)
    {
        IsFaulted = true;
        return _endpoint.ReceiveObservers.ReceiveFault(this, exception);
    }

    public void AddReceiveTask(Task task)
    {
        var tasks = _tasks ?? Interlocked.CompareExchange(ref _tasks, [], null) ?? _tasks;
        lock (tasks)
            tasks.Add(task);
    }

    /// <summary>
    /// Where a scheduler keeps what is for this endpoint, it keeps the message, which is done here then. Otherwise the message stays where it is on Kafka: it is
    /// delivered again out of memory, and its offset is not committed before it is done.
    /// </summary>
    public Task ScheduleRedelivery(TimeSpan delay, Action<ConsumeContext, SendContext>? callback = null)
    {
        if (_endpoint.SchedulesRedelivery && TryGetPayload(out MessageSchedulerContext? scheduler))
            return ScheduleRedelivery(scheduler, delay, callback);

        var context = _consumeContext!;
        var headers = new MessageSendContext<object>(Message);
        headers.Headers.Set(MessageHeaders.RedeliveryCount, ((ConsumeContext)context).GetRedeliveryCount() + 1);
        callback?.Invoke(context, headers);
        _delivery.Overlay ??= [];
        foreach (var (name, value) in headers.Headers.GetAll())
            _delivery.Overlay[name] = value;

        Redelivery = delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
        return Task.CompletedTask;
    }

    private Task<ScheduledMessage> ScheduleRedelivery(MessageSchedulerContext scheduler, TimeSpan delay, Action<ConsumeContext, SendContext>? callback)
    {
        var copy = new CopyContextPipe(_consumeContext!, (came, sent) =>
        {
            sent.ApplyRedeliveryOptions(came, RedeliveryOptions.ReplaceMessageId);
            callback?.Invoke(came, sent);
        });
        return scheduler.ScheduleSend(DateTime.UtcNow + delay, Message, RuntimeTypes.Named(Message), copy, CancellationToken);
    }

    private async Task CompletedAsync()
    {
        // A task may add others.
        for (var done = 0; ;)
        {
            Task[] tasks;
            lock (_tasks!)
                tasks = [.. _tasks];

            if (tasks.Length == done)
                return;

            await Task.WhenAll(tasks).ConfigureAwait(false);
            done = tasks.Length;
        }
    }
}

/// <inheritdoc/>
internal sealed class TopicReceiveContext<TKey>(
    TopicReceiveEndpointContext endpoint,
    TopicDelivery delivery,
    Uri inputAddress,
    object message,
    Guid messageId,
    IHeaderProvider? headers,
    IDeserializer<TKey> keys,
    CancellationToken lost)
    : TopicReceiveContext(endpoint, delivery, inputAddress, message, messageId, headers, lost), KafkaConsumeContext<TKey>
{
    public TKey Key => KeyReader.Read(keys, Result);
}
