namespace IotBus.MongoDb;

/// <summary>What a batch of writes did.</summary>
/// <param name="Inserted">Documents that were inserted by an insert.</param>
/// <param name="Matched">Documents that an update's filter matched, those that it did not change included.</param>
/// <param name="Modified">Documents that an update changed.</param>
/// <param name="Deleted">Documents that were deleted.</param>
/// <param name="Upserted">Documents that an upsert made.</param>
public sealed record BulkWriteResult(long Inserted, long Matched, long Modified, long Deleted, IReadOnlyList<UpsertedDocument> Upserted)
{
    internal static BulkWriteResult None { get; } = new(0, 0, 0, 0, []);
}

/// <summary>A document that an upsert made.</summary>
/// <param name="Index">The statement's position in the batch, from 0.</param>
/// <param name="Id">The document's <c>_id</c>.</param>
public sealed record UpsertedDocument(int Index, BsonValue Id);
