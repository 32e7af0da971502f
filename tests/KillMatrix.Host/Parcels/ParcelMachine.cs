using IotBus.Kafka;
using MassTransit;

namespace IotBus.KillMatrix.Parcels;

/// <summary>Counts a parcel's moves; tells of each on a topic and over the bus; checks it soon, and expects a move within a day.</summary>
internal sealed class ParcelMachine : MassTransitStateMachine<Parcel>
{
    private static readonly Uri Shipping = new($"queue:{OutboxHost.Shipping}");

    public ParcelMachine()
    {
        InstanceState(parcel => parcel.CurrentState);
        Schedule(() => Loss, parcel => parcel.LossToken, schedule => schedule.Delay = TimeSpan.FromDays(1));
        Schedule(() => Check, parcel => parcel.CheckToken, schedule => schedule.Delay = TimeSpan.FromMilliseconds(50));

        Initially(When(Packed)
            .Then(context => context.Saga.Moves.Add(0))
            .Schedule(Loss, context => new ParcelLost(context.Saga.CorrelationId))
            .Schedule(Check, context => new ParcelChecked(context.Saga.CorrelationId))
            .Produce(context => Task.FromResult(new Noted { Id = Name(context.Saga, 0) }))
            .Send(Shipping, context => new Shipment(Name(context.Saga, 0)))
            .TransitionTo(Moving));
        During(
            Moving,
            When(Check!.Received).Then(context => context.Saga.Checks++),
            When(Moved)
                .Then(context => context.Saga.Moves.Add(context.Message.Number))
                .Unschedule(Loss)
                .Produce(context => Task.FromResult(new Noted { Id = Name(context.Saga, context.Message.Number) }))
                .Send(Shipping, context => new Shipment(Name(context.Saga, context.Message.Number))));
    }

    public State Moving { get; private set; } = null!;

    public Event<ParcelPacked> Packed { get; private set; } = null!;

    public Event<ParcelMoved> Moved { get; private set; } = null!;

    public Schedule<Parcel, ParcelLost> Loss { get; private set; } = null!;

    public Schedule<Parcel, ParcelChecked> Check { get; private set; } = null!;

    /// <summary>What a move is called in the messages of it.</summary>
    public static string Name(Guid parcel, int move) => $"{parcel}/{move}";

    private static string Name(Parcel parcel, int move) => Name(parcel.CorrelationId, move);
}
