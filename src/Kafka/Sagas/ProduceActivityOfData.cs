using MassTransit;
using MassTransit.SagaStateMachine;

namespace IotBus.Kafka;

/// <summary>Produces a message when an event is handled, from what the event says; nothing when an activity before it failed.</summary>
internal sealed class ProduceActivity<TSaga, TData, TMessage>(ContextMessageFactory<BehaviorContext<TSaga, TData>, TMessage> messages)
    : IStateMachineActivity<TSaga, TData>
    where TSaga : class, SagaStateMachineInstance
    where TData : class
    where TMessage : class
{
    public async Task Execute(BehaviorContext<TSaga, TData> context, IBehavior<TSaga, TData> next)
    {
        await messages.Use(context, (consuming, message) => SagaProducer.ProduceAsync(consuming, message)).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<TSaga, TData, TException> context, IBehavior<TSaga, TData> next)
        where TException : Exception => next.Faulted(context);

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce");
}
