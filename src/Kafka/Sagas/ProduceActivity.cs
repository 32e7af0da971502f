using MassTransit;
using MassTransit.SagaStateMachine;

namespace IotBus.Kafka;

/// <summary>Produces a message when any event is handled; nothing when one before it failed.</summary>
internal sealed class ProduceActivity<TSaga, TMessage>(ContextMessageFactory<BehaviorContext<TSaga>, TMessage> messages) : IStateMachineActivity<TSaga>
    where TSaga : class, SagaStateMachineInstance
    where TMessage : class
{
    public async Task Execute(BehaviorContext<TSaga> context, IBehavior<TSaga> next)
    {
        await ProduceAsync(context).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public async Task Execute<T>(BehaviorContext<TSaga, T> context, IBehavior<TSaga, T> next)
        where T : class
    {
        await ProduceAsync(context).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<TSaga, TException> context, IBehavior<TSaga> next)
        where TException : Exception => next.Faulted(context);

    public Task Faulted<T, TException>(BehaviorExceptionContext<TSaga, T, TException> context, IBehavior<TSaga, T> next)
        where T : class
        where TException : Exception => next.Faulted(context);

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce");

    private Task ProduceAsync(BehaviorContext<TSaga> context) =>
        messages.Use(context, (consuming, message) => SagaProducer.ProduceAsync(consuming, message));
}
