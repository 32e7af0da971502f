using IotBus.Messages;
using MassTransit;

namespace IotBus.Processors.Rollouts;

/// <summary>
/// A firmware rollout, wave by wave: docs/sagas.md draws it. What becomes of the single device is <see cref="DeviceUpdateRules"/>'s business; this decides
/// when the next wave starts and when it is over.
/// </summary>
internal sealed class RolloutMachine : MassTransitStateMachine<Rollout>
{
    public RolloutMachine()
    {
        InstanceState(rollout => rollout.CurrentState);
        Event(() => Requested, e => e.CorrelateById(context => context.Message.RolloutId));
        Event(() => Progressed, e => Existing(e, message => message.RolloutId));
        Event(() => PauseRequested, e => Existing(e, message => message.RolloutId));
        Event(() => ResumeRequested, e => Existing(e, message => message.RolloutId));
        Event(() => AbortRequested, e => Existing(e, message => message.RolloutId));
        Schedule(() => WaveTimeout, rollout => rollout.WaveTimeoutToken, schedule =>
        {
            schedule.DelayProvider = context => context.Saga.ConfirmTimeout;
            schedule.Received = e => Existing(e, message => message.RolloutId);
        });

        Initially(StartNextWave(When(Requested).Activity(x => x.OfType<AcceptRollout>())).TransitionTo(Running));

        During(
            Running,
            GoOn(When(Progressed)),
            GoOn(TimeOutWave(When(WaveTimeout.Received))),
            When(PauseRequested).TransitionTo(Paused),
            Ignore(ResumeRequested),
            End(When(AbortRequested), Aborted));

        During(
            Paused,
            StopIfTooManyFailed(Count(When(Progressed))),
            StopIfTooManyFailed(Count(TimeOutWave(When(WaveTimeout.Received)))),
            GoOn(When(ResumeRequested).TransitionTo(Running)),
            Ignore(PauseRequested),
            End(When(AbortRequested), Aborted));

        // Devices that were asked before the end go on, and are waited for: what becomes of them is still told.
        During(
            [Completed, Stopped, Aborted],
            TimeOutWave(When(WaveTimeout.Received)),
            Ignore(Requested),
            Ignore(Progressed),
            Ignore(PauseRequested),
            Ignore(ResumeRequested),
            Ignore(AbortRequested));
    }

    public State Running { get; private set; } = null!;

    /// <summary>No further wave starts; the devices of this one go on.</summary>
    public State Paused { get; private set; } = null!;

    /// <summary>Every wave is over.</summary>
    public State Completed { get; private set; } = null!;

    /// <summary>Too many devices failed.</summary>
    public State Stopped { get; private set; } = null!;

    public State Aborted { get; private set; } = null!;

    public Event<RolloutRequested> Requested { get; private set; } = null!;

    public Event<RolloutProgressed> Progressed { get; private set; } = null!;

    public Event<RolloutPauseRequested> PauseRequested { get; private set; } = null!;

    public Event<RolloutResumeRequested> ResumeRequested { get; private set; } = null!;

    public Event<RolloutAbortRequested> AbortRequested { get; private set; } = null!;

    public Schedule<Rollout, RolloutWaveTimedOut> WaveTimeout { get; private set; } = null!;

    /// <summary>A rollout begins with its request only.</summary>
    private static void Existing<T>(IEventCorrelationConfigurator<Rollout, T> e, Func<T, Guid> rolloutId)
        where T : class
    {
        e.CorrelateById(context => rolloutId(context.Message));
        e.OnMissingInstance(missing => missing.Discard());
    }

    private static EventActivityBinder<Rollout, T> Count<T>(EventActivityBinder<Rollout, T> when)
        where T : class => when.Activity(x => x.OfInstanceType<CountWave>());

    private static EventActivityBinder<Rollout, RolloutWaveTimedOut> TimeOutWave(EventActivityBinder<Rollout, RolloutWaveTimedOut> when) =>
        when.Activity(x => x.OfType<TimeOutWave>());

    /// <summary>Looks where the wave stands, and does what follows.</summary>
    private EventActivityBinder<Rollout, T> GoOn<T>(EventActivityBinder<Rollout, T> when)
        where T : class =>
        Count(when).IfElse(
            context => context.Saga.Failures >= context.Saga.MaxFailures,
            Stop,
            others => others.If(
                context => context.Saga.Pending == 0,
                settled => settled.IfElse(
                    context => context.Saga.Wave < context.Saga.Waves,
                    StartNextWave,
                    last => End(last, Completed).Unschedule(WaveTimeout))));

    private EventActivityBinder<Rollout, T> StopIfTooManyFailed<T>(EventActivityBinder<Rollout, T> when)
        where T : class => when.If(context => context.Saga.Failures >= context.Saga.MaxFailures, Stop);

    private EventActivityBinder<Rollout, T> StartNextWave<T>(EventActivityBinder<Rollout, T> when)
        where T : class =>
        when.Activity(x => x.OfInstanceType<StartWave>())
            .Schedule(WaveTimeout, context => new RolloutWaveTimedOut(context.Saga.CorrelationId, context.Saga.Wave));

    private EventActivityBinder<Rollout, T> Stop<T>(EventActivityBinder<Rollout, T> when)
        where T : class => End(when, Stopped).Activity(x => x.OfInstanceType<RaiseStopAlert>());

    /// <summary>The devices that were not asked yet are not.</summary>
    private static EventActivityBinder<Rollout, T> End<T>(EventActivityBinder<Rollout, T> when, State state)
        where T : class => when.Activity(x => x.OfInstanceType<EndRollout>()).TransitionTo(state);
}
