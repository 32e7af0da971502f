namespace IotBus.MongoDb.Lanes;

/// <summary>What came of a command.</summary>
/// <param name="Document">The server's answer; empty if there is none.</param>
/// <param name="Error">What went wrong, or null.</param>
internal readonly record struct CommandReply(BsonDocument Document, MongoException? Error);
