using MassTransit;
using MassTransit.SagaStateMachine;

namespace IotBus.Kafka;

/// <summary>
/// <c>When(…).Produce(…)</c>: a saga produces to a topic, with the <see cref="ITopicProducer{T}"/> of its scope: in the conversation of what it handles,
/// and through its outbox. The message is given, made from the context, or initialized with <c>context.Init&lt;T&gt;(…)</c>.
/// </summary>
public static class ProduceExtensions
{
    /// <summary>A message that is the same each time, when the event is handled.</summary>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source, TMessage message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class => Add<TInstance, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message that is being made, the same each time, when the event is handled.</summary>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source, Task<TMessage> message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class => Add<TInstance, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message made from the context, when the event is handled.</summary>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source, AsyncEventMessageFactory<TInstance, TMessage> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class => Add<TInstance, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message initialized from the context, when the event is handled.</summary>
    public static EventActivityBinder<TInstance> Produce<TInstance, TMessage>(
        this EventActivityBinder<TInstance> source, Func<BehaviorContext<TInstance>, Task<SendTuple<TMessage>>> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class => Add<TInstance, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message that is the same each time, when the event is handled.</summary>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source, TMessage message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class => Add<TInstance, TData, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message that is being made, the same each time, when the event is handled.</summary>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source, Task<TMessage> message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class => Add<TInstance, TData, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message made from the context, when the event is handled.</summary>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source, AsyncEventMessageFactory<TInstance, TData, TMessage> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class => Add<TInstance, TData, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message initialized from the context, when the event is handled.</summary>
    public static EventActivityBinder<TInstance, TData> Produce<TInstance, TData, TMessage>(
        this EventActivityBinder<TInstance, TData> source, Func<BehaviorContext<TInstance, TData>, Task<SendTuple<TMessage>>> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class => Add<TInstance, TData, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message that is the same each time, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source, TMessage message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class => Add<TInstance, TException, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message that is being made, the same each time, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source, Task<TMessage> message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class => Add<TInstance, TException, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message made from the context, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source, AsyncEventExceptionMessageFactory<TInstance, TException, TMessage> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class => Add<TInstance, TException, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message initialized from the context, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TException> Produce<TInstance, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TException> source, Func<BehaviorExceptionContext<TInstance, TException>, Task<SendTuple<TMessage>>> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class => Add<TInstance, TException, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message that is the same each time, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source, TMessage message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class => Add<TInstance, TData, TException, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message that is being made, the same each time, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source, Task<TMessage> message, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class => Add<TInstance, TData, TException, TMessage>(source, MessageFactory<TMessage>.Create(message, contextCallback));

    /// <summary>A message made from the context, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source, AsyncEventExceptionMessageFactory<TInstance, TData, TException, TMessage> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class => Add<TInstance, TData, TException, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    /// <summary>A message initialized from the context, after a failure.</summary>
    public static ExceptionActivityBinder<TInstance, TData, TException> Produce<TInstance, TData, TException, TMessage>(
        this ExceptionActivityBinder<TInstance, TData, TException> source, Func<BehaviorExceptionContext<TInstance, TData, TException>, Task<SendTuple<TMessage>>> messageFactory, Action<SendContext<TMessage>>? contextCallback = null)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class => Add<TInstance, TData, TException, TMessage>(source, MessageFactory<TMessage>.Create(messageFactory, contextCallback));

    private static EventActivityBinder<TInstance> Add<TInstance, TMessage>(
        EventActivityBinder<TInstance> source, ContextMessageFactory<BehaviorContext<TInstance>, TMessage> messages)
        where TInstance : class, SagaStateMachineInstance
        where TMessage : class
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Add(new ProduceActivity<TInstance, TMessage>(messages));
    }

    private static EventActivityBinder<TInstance, TData> Add<TInstance, TData, TMessage>(
        EventActivityBinder<TInstance, TData> source, ContextMessageFactory<BehaviorContext<TInstance, TData>, TMessage> messages)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TMessage : class
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Add(new ProduceActivity<TInstance, TData, TMessage>(messages));
    }

    private static ExceptionActivityBinder<TInstance, TException> Add<TInstance, TException, TMessage>(
        ExceptionActivityBinder<TInstance, TException> source, ContextMessageFactory<BehaviorExceptionContext<TInstance, TException>, TMessage> messages)
        where TInstance : class, SagaStateMachineInstance
        where TException : Exception
        where TMessage : class
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Add(new FaultedProduceActivity<TInstance, TException, TMessage>(messages));
    }

    private static ExceptionActivityBinder<TInstance, TData, TException> Add<TInstance, TData, TException, TMessage>(
        ExceptionActivityBinder<TInstance, TData, TException> source,
        ContextMessageFactory<BehaviorExceptionContext<TInstance, TData, TException>, TMessage> messages)
        where TInstance : class, SagaStateMachineInstance
        where TData : class
        where TException : Exception
        where TMessage : class
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Add(new FaultedProduceActivity<TInstance, TData, TException, TMessage>(messages));
    }
}
