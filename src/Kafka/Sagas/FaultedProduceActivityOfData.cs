using MassTransit;
using MassTransit.SagaStateMachine;

namespace IotBus.Kafka;

/// <summary>Produces a message when an activity before it failed with such an exception, from what the event says.</summary>
internal sealed class FaultedProduceActivity<TSaga, TData, TException, TMessage>(
    ContextMessageFactory<BehaviorExceptionContext<TSaga, TData, TException>, TMessage> messages) : IStateMachineActivity<TSaga, TData>
    where TSaga : class, SagaStateMachineInstance
    where TData : class
    where TException : Exception
    where TMessage : class
{
    public Task Execute(BehaviorContext<TSaga, TData> context, IBehavior<TSaga, TData> next) => next.Execute(context);

    public async Task Faulted<T>(BehaviorExceptionContext<TSaga, TData, T> context, IBehavior<TSaga, TData> next)
        where T : Exception
    {
        if (context is BehaviorExceptionContext<TSaga, TData, TException> faulted)
            await messages.Use(faulted, (consuming, message) => SagaProducer.ProduceAsync(consuming, message)).ConfigureAwait(false);

        await next.Faulted(context).ConfigureAwait(false);
    }

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce-faulted");
}
