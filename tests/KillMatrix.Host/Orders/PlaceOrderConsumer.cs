using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.KillMatrix.Orders;

/// <summary>A row, a message to a topic and a message over the bus, for each order.</summary>
internal sealed class PlaceOrderConsumer(MongoDbContext database, ITopicProducer<string, Noted> notes) : IConsumer<PlaceOrder>
{
    public const string AfterWrite = "after the consumer's write";

    public async Task Consume(ConsumeContext<PlaceOrder> context)
    {
        var order = context.Message.Id;
        await database.Database.GetCollection("orders").InsertOneAsync(
            Bson.Document(("_id", Guid.NewGuid()), ("of", order)), database.Session, context.CancellationToken);
        FaultPoint.Reach(AfterWrite);
        await notes.Produce(order, new Noted { Id = order }, context.CancellationToken);
        var shipping = await context.GetSendEndpoint(new Uri($"queue:{OutboxHost.Shipping}"));
        await shipping.Send(new Shipment(order), context.CancellationToken);
    }
}
