using MassTransit;

namespace IotBus.KafkaOutbox.Tests.Scheduling;

public sealed class Alarm : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public Guid? RingToken { get; set; }

    public int Rings { get; set; }
}

/// <summary>Rings a day after it was set, and once more a day later.</summary>
public sealed class AlarmMachine : MassTransitStateMachine<Alarm>
{
    public AlarmMachine()
    {
        InstanceState(alarm => alarm.CurrentState);
        Schedule(() => Ring, alarm => alarm.RingToken, schedule => schedule.Delay = TimeSpan.FromDays(1));

        Initially(When(Set)
            .Schedule(Ring, context => new AlarmRang(context.Saga.CorrelationId))
            .TransitionTo(Waiting));
        During(
            Waiting,
            When(Ring!.Received)
                .Then(context => context.Saga.Rings++)
                .If(context => context.Saga.Rings == 1, again => again.Schedule(Ring, context => new AlarmRang(context.Saga.CorrelationId))));
    }

    public State Waiting { get; private set; } = null!;

    public Event<AlarmSet> Set { get; private set; } = null!;

    public Schedule<Alarm, AlarmRang> Ring { get; private set; } = null!;
}
