namespace IotBus.MongoDb;

/// <summary>What a find returns, and how.</summary>
public sealed record FindOptions
{
    /// <summary>Which fields; all if null.</summary>
    public BsonDocument? Projection { get; init; }

    public BsonDocument? Sort { get; init; }

    /// <summary>How many documents at most; 0 for all.</summary>
    public int Limit { get; init; }

    public int Skip { get; init; }

    /// <summary>How many documents the server sends at once; 0 leaves it to the server.</summary>
    public int BatchSize { get; init; }

    /// <summary>An index to use, by its keys.</summary>
    public BsonDocument? Hint { get; init; }

    /// <summary>How long the server may work on it, counted there (<c>maxTimeMS</c>); no bound if null.</summary>
    public TimeSpan? MaxTime { get; init; }
}
