using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>An expression as MongoDB reads it.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Index">An index for what it compares by equality; null if it needs none but <c>_id</c>, or compares nothing so.</param>
internal sealed record SagaQueryFilter(BsonDocument Filter, IndexModel? Index);
