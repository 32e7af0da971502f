using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Context;

namespace IotBus.Kafka;

/// <summary>A decoded message as MassTransit's consume pipeline takes it: by its own type and any type it is assignable to.</summary>
internal sealed class TopicConsumeContext(TopicReceiveContext context)
    : BaseConsumeContext(context, new TopicSerializerContext(context))
{
    private ConsumeContext? _first;
    private Dictionary<Type, ConsumeContext>? _others;
    private List<Task>? _tasks;

    public override Task ConsumeCompleted => _tasks is null ? Task.CompletedTask : Task.WhenAll(Tasks());

    public override Guid? MessageId => context.MessageId;

    public override Guid? RequestId => SerializerContext.RequestId;

    public override Guid? CorrelationId => SerializerContext.CorrelationId;

    public override Guid? ConversationId => SerializerContext.ConversationId;

    public override Guid? InitiatorId => SerializerContext.InitiatorId;

    public override DateTime? ExpirationTime => null;

    public override Uri SourceAddress => SerializerContext.SourceAddress!;

    public override Uri DestinationAddress => context.InputAddress;

    public override Uri ResponseAddress => SerializerContext.ResponseAddress!;

    public override Uri FaultAddress => SerializerContext.FaultAddress!;

    public override DateTime? SentTime => SerializerContext.SentTime;

    public override Headers Headers => context.TransportHeaders;

    public override HostInfo Host => SerializerContext.Host;

    public override IEnumerable<string> SupportedMessageTypes => SerializerContext.SupportedMessageTypes;

    /// <summary>Whether this context was made here, for the type that was asked for first.</summary>
    public bool IsFirst(ConsumeContext other) => ReferenceEquals(other, _first);

    public override bool HasPayloadType(Type payloadType) => payloadType.IsInstanceOfType(this) || context.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>([NotNullWhen(true)] out T? payload)
        where T : class
    {
        if (this is T own)
        {
            payload = own;
            return true;
        }

        return context.TryGetPayload(out payload);
    }

    public override T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) => this is T own ? own : context.GetOrAddPayload(payloadFactory);

    public override T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory) =>
        this is T own ? own : context.AddOrUpdatePayload(addFactory, updateFactory);

    public override bool HasMessageType(Type messageType) => messageType.IsInstanceOfType(context.Message);

    public override bool TryGetMessage<T>([NotNullWhen(true)] out ConsumeContext<T>? consumeContext)
    {
        consumeContext = null;
        if (context.Message is not T message)
            return false;

        // Filters that ask again get the same context. As a rule there is one type to ask for.
        lock (context)
        {
            if (_first is ConsumeContext<T> first)
                consumeContext = first;
            else if (_first is null)
                _first = consumeContext = new MessageConsumeContext<T>(this, message);
            else if (_others is not null && _others.TryGetValue(typeof(T), out var other))
                consumeContext = (ConsumeContext<T>)other;
            else
                (_others ??= [])[typeof(T)] = consumeContext = new MessageConsumeContext<T>(this, message);
        }

        return true;
    }

    public override void AddConsumeTask(Task task)
    {
        lock (context)
            (_tasks ??= []).Add(task);
    }

    private Task[] Tasks()
    {
        lock (context)
            return [.. _tasks!];
    }
}
