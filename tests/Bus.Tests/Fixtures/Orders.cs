using IotBus.MongoDb;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.Bus.Tests;

public sealed record PlaceOrder(Guid Id, Guid Batch);

public sealed record OrderPlaced(Guid Id, Guid Batch);

/// <summary>An order that nobody can place.</summary>
public sealed record PlaceImpossibleOrder(Guid Id);

/// <summary>A request.</summary>
public sealed record FindOrder(Guid Id);

/// <summary>The answer to <see cref="FindOrder"/>.</summary>
public sealed record OrderFound(Guid Id);

/// <summary>Where a test's messages go: names that no other test has.</summary>
public sealed class OrderQueues
{
    private readonly string _suffix = Guid.NewGuid().ToString("N");

    public string Orders => $"orders-{_suffix}";

    public string Tally => $"tally-{_suffix}";
}

/// <summary>The name of the host that a consumer runs in.</summary>
public sealed record HostName(string Value);

/// <summary>Writes a row and tells the saga, in the message's transaction.</summary>
public sealed class PlaceOrderConsumer(MongoDbContext database, HostName host, OrderQueues queues) : IConsumer<PlaceOrder>
{
    public async Task Consume(ConsumeContext<PlaceOrder> context)
    {
        var row = Bson.Document(("_id", Guid.NewGuid()), ("order", context.Message.Id), ("host", host.Value));
        await database.Database.GetCollection("placed").InsertOneAsync(row, database.Session, context.CancellationToken);
        var tally = await context.GetSendEndpoint(new Uri($"queue:{queues.Tally}"));
        await tally.Send(new OrderPlaced(context.Message.Id, context.Message.Batch), context.CancellationToken);
    }
}

public sealed class ImpossibleOrderConsumer : IConsumer<PlaceImpossibleOrder>
{
    public Task Consume(ConsumeContext<PlaceImpossibleOrder> context) => throw new InvalidOperationException("It cannot be placed.");
}

public sealed class FindOrderConsumer : IConsumer<FindOrder>
{
    public Task Consume(ConsumeContext<FindOrder> context) => context.RespondAsync(new OrderFound(context.Message.Id));
}

/// <summary>How many orders of a batch were placed.</summary>
public sealed class Tally : SagaStateMachineInstance, ISagaVersion
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public string CurrentState { get; set; } = "";

    public int Placed { get; set; }
}

/// <summary>Counts.</summary>
public sealed class TallyMachine : MassTransitStateMachine<Tally>
{
    public TallyMachine()
    {
        InstanceState(tally => tally.CurrentState);
        Event(() => Placed, e => e.CorrelateById(context => context.Message.Batch));
        Initially(When(Placed).Then(context => context.Saga.Placed++).TransitionTo(Counting));
        During(Counting, When(Placed).Then(context => context.Saga.Placed++));
    }

    public State Counting { get; private set; } = null!;

    public Event<OrderPlaced> Placed { get; private set; } = null!;
}
