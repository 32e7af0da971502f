using IotBus.Messages;
using MassTransit;

namespace IotBus.Processors.Decommissioning;

/// <summary>
/// Clears away what is left of a device whose credentials are revoked, step by step; docs/sagas.md draws it. There is no way back from here: a step that fails
/// is tried again, with growing pauses, until it succeeds.
/// </summary>
internal sealed class DecommissionMachine : MassTransitStateMachine<Decommission>
{
    public DecommissionMachine()
    {
        InstanceState(decommission => decommission.CurrentState);
        Event(() => Requested, e => e.CorrelateById(context => context.Message.OperationId));
        Schedule(() => Step, decommission => decommission.StepToken, schedule =>
        {
            schedule.DelayProvider = context => context.Saga.Pause;
            schedule.Received = e =>
            {
                e.CorrelateById(context => context.Message.OperationId);
                e.OnMissingInstance(missing => missing.Discard());
            };
        });

        Initially(DoNext(When(Requested).Activity(x => x.OfType<PlanDecommission>())).TransitionTo(Clearing));
        During(
            Clearing,
            Ignore(Requested),
            When(Step.Received)
                .Activity(x => x.OfType<DoDecommissionStep>())
                .IfElse(context => context.Saga.Current is null, done => done.TransitionTo(Done), DoNext));
        During(Done, Ignore(Requested), Ignore(Step.Received));
    }

    public State Clearing { get; private set; } = null!;

    public State Done { get; private set; } = null!;

    public Event<DecommissionRequested> Requested { get; private set; } = null!;

    /// <summary>The next step, or the next attempt at it.</summary>
    public Schedule<Decommission, DecommissionStepDue> Step { get; private set; } = null!;

    private EventActivityBinder<Decommission, T> DoNext<T>(EventActivityBinder<Decommission, T> when)
        where T : class => when.Schedule(Step, context => new DecommissionStepDue(context.Saga.CorrelationId));
}
