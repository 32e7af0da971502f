using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>A step of the saga that does the same whatever message brought it about.</summary>
internal abstract class RolloutActivity(string name) : IStateMachineActivity<Rollout>
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope(name);

    public async Task Execute(BehaviorContext<Rollout> context, IBehavior<Rollout> next)
    {
        await ExecuteAsync(context).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    public async Task Execute<T>(BehaviorContext<Rollout, T> context, IBehavior<Rollout, T> next)
        where T : class
    {
        await ExecuteAsync(context).ConfigureAwait(false);
        await next.Execute(context).ConfigureAwait(false);
    }

    // A transaction takes back what was done.
    public Task Faulted<TException>(BehaviorExceptionContext<Rollout, TException> context, IBehavior<Rollout> next)
        where TException : Exception => next.Faulted(context);

    public Task Faulted<T, TException>(BehaviorExceptionContext<Rollout, T, TException> context, IBehavior<Rollout, T> next)
        where T : class
        where TException : Exception => next.Faulted(context);

    protected abstract Task ExecuteAsync(BehaviorContext<Rollout> context);
}
