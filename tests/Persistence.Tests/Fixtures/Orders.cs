using System.Collections.Concurrent;
using IotBus.MongoDb;
using MassTransit;

namespace IotBus.Persistence.Tests;

/// <summary>What is consumed.</summary>
public sealed record PlaceOrder(Guid Id, string Item);

/// <summary>What is sent on.</summary>
public sealed record OrderPlaced(Guid Id, int Number = 0);

/// <summary>Writes a row and publishes, in the message's transaction.</summary>
internal sealed class PlaceOrderConsumer(MongoDbContext database, Trouble trouble) : IConsumer<PlaceOrder>
{
    public async Task Consume(ConsumeContext<PlaceOrder> context)
    {
        trouble.Attempted();
        var row = Bson.Document(("_id", Guid.NewGuid()), ("order", context.Message.Id));
        await database.Database.GetCollection("orders").InsertOneAsync(row, database.Session, context.CancellationToken);
        await context.Publish(new OrderPlaced(context.Message.Id), context.CancellationToken);
        trouble.Happen();
    }
}

/// <summary>Lets a consumer fail a number of times.</summary>
internal sealed class Trouble
{
    private int _attempts;

    public int Failures { get; set; }

    public int Attempts => _attempts;

    public void Attempted() => Interlocked.Increment(ref _attempts);

    public void Happen()
    {
        if (Attempts <= Failures)
            throw new InvalidOperationException("The consumer failed, as the test wants it.");
    }
}

/// <summary>Remembers what arrived.</summary>
internal sealed class Received
{
    public ConcurrentQueue<(OrderPlaced Message, Guid MessageId, DateTime At)> Orders { get; } = [];
}

internal sealed class OrderPlacedConsumer(Received received) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        received.Orders.Enqueue((context.Message, context.MessageId!.Value, DateTime.UtcNow));
        return Task.CompletedTask;
    }
}
