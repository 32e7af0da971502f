using IotBus.Messages;
using MassTransit;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Decommissioning;

/// <summary>
/// Writes down the steps. The first comes once every Processor knows that the device is out of service, so that no late event brings back what it clears.
/// </summary>
internal sealed class PlanDecommission(IEnumerable<IDecommissionStep> steps, IOptions<DecommissioningOptions> options, TimeProvider time)
    : IStateMachineActivity<Decommission, DecommissionRequested>
{
    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);

    public void Probe(ProbeContext context) => context.CreateScope("planDecommission");

    public Task Execute(BehaviorContext<Decommission, DecommissionRequested> context, IBehavior<Decommission, DecommissionRequested> next)
    {
        var (decommission, request) = (context.Saga, context.Message);
        decommission.DeviceId = request.DeviceId;
        decommission.History = request.History;
        decommission.RequestedAt = time.GetUtcNow();
        decommission.Pause = options.Value.SettleTime;
        decommission.Steps = [.. steps.Select(step => new DecommissionStepState { Name = step.Name })];
        return next.Execute(context);
    }

    public Task Faulted<TException>(
        BehaviorExceptionContext<Decommission, DecommissionRequested, TException> context, IBehavior<Decommission, DecommissionRequested> next)
        where TException : Exception => next.Faulted(context);
}
