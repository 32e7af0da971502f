namespace IotBus.MongoDb;

/// <summary>Where a change stream begins, and how long it waits.</summary>
public sealed record ChangeStreamOptions
{
    /// <summary>Goes on after what this token is of: <see cref="ChangeStream.ResumeToken"/> of another stream on the collection. Null for what comes from now on.</summary>
    public BsonDocument? ResumeAfter { get; init; }

    /// <summary>
    /// How long the server waits for the next change before it answers that there is none (<c>maxTimeMS</c> of <c>getMore</c>). Shorter than
    /// the client's <see cref="MongoClientOptions.OperationTimeout"/> and <see cref="MongoClient.SocketTimeout"/>.
    /// </summary>
    public TimeSpan MaxAwaitTime { get; init; } = TimeSpan.FromSeconds(1);
}
