using MassTransit;
using MassTransit.SagaStateMachine;

namespace IotBus.Kafka;

/// <summary>Produces a message when an activity before it failed with such an exception.</summary>
internal sealed class FaultedProduceActivity<TSaga, TException, TMessage>(
    ContextMessageFactory<BehaviorExceptionContext<TSaga, TException>, TMessage> messages) : IStateMachineActivity<TSaga>
    where TSaga : class, SagaStateMachineInstance
    where TException : Exception
    where TMessage : class
{
    public Task Execute(BehaviorContext<TSaga> context, IBehavior<TSaga> next) => next.Execute(context);

    public Task Execute<T>(BehaviorContext<TSaga, T> context, IBehavior<TSaga, T> next)
        where T : class => next.Execute(context);

    public async Task Faulted<T>(BehaviorExceptionContext<TSaga, T> context, IBehavior<TSaga> next)
        where T : Exception
    {
        await ProduceAsync(context).ConfigureAwait(false);
        await next.Faulted(context).ConfigureAwait(false);
    }

    public async Task Faulted<T, TOther>(BehaviorExceptionContext<TSaga, T, TOther> context, IBehavior<TSaga, T> next)
        where T : class
        where TOther : Exception
    {
        await ProduceAsync(context).ConfigureAwait(false);
        await next.Faulted(context).ConfigureAwait(false);
    }

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("produce-faulted");

    private Task ProduceAsync(object context) => context is BehaviorExceptionContext<TSaga, TException> faulted
        ? messages.Use(faulted, (consuming, message) => SagaProducer.ProduceAsync(consuming, message))
        : Task.CompletedTask;
}
