using MassTransit;

namespace IotBus.Persistence.Tests;

public sealed record RolloutRequested(Guid CorrelationId, string Name);

public sealed record DeviceConfirmed(string Name, int Number);

public sealed record RolloutEnded(Guid CorrelationId);

public sealed record RolloutTimedOut(Guid CorrelationId);

public sealed record RolloutExtended(Guid CorrelationId);

/// <summary>An instance of the tests' saga.</summary>
public sealed class Rollout : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public string Name { get; set; } = "";

    public int Confirmed { get; set; }

    public Guid? TimeoutToken { get; set; }

    public List<int> Numbers { get; set; } = [];
}

/// <summary>Counts confirmations, found by the rollout's name; times out after a day.</summary>
public sealed class RolloutMachine : MassTransitStateMachine<Rollout>
{
    public RolloutMachine()
    {
        InstanceState(rollout => rollout.CurrentState);
        Event(() => Confirmed, e => e.CorrelateBy((rollout, context) => rollout.Name == context.Message.Name));
        Schedule(() => Timeout, rollout => rollout.TimeoutToken, s => s.Delay = TimeSpan.FromDays(1));

        Initially(When(Requested)
            .Then(context => context.Saga.Name = context.Message.Name)
            .Schedule(Timeout, context => new RolloutTimedOut(context.Saga.CorrelationId))
            .Publish(context => new OrderPlaced(context.Saga.CorrelationId, -1))
            .TransitionTo(Running));
        During(
            Running,
            When(Confirmed).Then(context =>
            {
                context.Saga.Confirmed++;
                context.Saga.Numbers.Add(context.Message.Number);
            }),
            When(Timeout!.Received).TransitionTo(TimedOut),
            When(Extended).Unschedule(Timeout),
            When(Ended).Unschedule(Timeout).Finalize());
        SetCompletedWhenFinalized();
    }

    public State Running { get; private set; } = null!;

    public State TimedOut { get; private set; } = null!;

    public Event<RolloutRequested> Requested { get; private set; } = null!;

    public Event<DeviceConfirmed> Confirmed { get; private set; } = null!;

    public Event<RolloutEnded> Ended { get; private set; } = null!;

    public Event<RolloutExtended> Extended { get; private set; } = null!;

    public Schedule<Rollout, RolloutTimedOut> Timeout { get; private set; } = null!;
}
