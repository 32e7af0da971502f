namespace IotBus.Persistence;

/// <summary>A consume context that has a transaction.</summary>
internal interface IMongoDbTransactionContext
{
    MongoDbContext MongoDb { get; }
}
