using IotBus.MongoDb;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.KillMatrix;

/// <summary>What is sent on over the bus.</summary>
public sealed record Shipment(string Id);

/// <summary>Receives what was sent, once, since it is behind the inbox: a row for each time it does.</summary>
internal sealed class ShipmentConsumer(MongoDbContext database) : IConsumer<Shipment>
{
    public Task Consume(ConsumeContext<Shipment> context) => database.Database.GetCollection("shipments").InsertOneAsync(
        Bson.Document(("_id", Guid.NewGuid()), ("of", context.Message.Id)), database.Session, context.CancellationToken);
}
