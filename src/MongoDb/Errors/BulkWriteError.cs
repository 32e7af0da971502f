namespace IotBus.MongoDb;

/// <summary>Why one document or statement of a batch was refused.</summary>
/// <param name="Index">Its position in the batch, from 0.</param>
/// <param name="Code">MongoDB's code; 11000 is a duplicate key.</param>
/// <param name="Message">The reason, as the server tells it.</param>
/// <param name="KeyValue">The key that is there already, for a duplicate key.</param>
public sealed record BulkWriteError(int Index, int Code, string Message, BsonDocument? KeyValue);
