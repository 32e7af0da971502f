using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>A step of the saga that takes something from the message that brought it about.</summary>
internal abstract class RolloutEventActivity<T>(string name) : IStateMachineActivity<Rollout, T>
    where T : class
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope(name);

    public async Task Execute(BehaviorContext<Rollout, T> context, IBehavior<Rollout, T> next)
    {
        await ExecuteAsync(context).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    // A transaction takes back what was done.
    public Task Faulted<TException>(BehaviorExceptionContext<Rollout, T, TException> context, IBehavior<Rollout, T> next)
        where TException : Exception => next.Faulted(context);

    protected abstract Task ExecuteAsync(BehaviorContext<Rollout, T> context);
}
