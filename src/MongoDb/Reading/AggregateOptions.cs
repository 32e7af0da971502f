namespace IotBus.MongoDb;

/// <summary>How an aggregation runs.</summary>
public sealed record AggregateOptions
{
    /// <summary>How many documents the server sends at once; 0 leaves it to the server.</summary>
    public int BatchSize { get; init; }

    /// <summary>Let stages use temporary files on the server beyond 100 MB.</summary>
    public bool AllowDiskUse { get; init; }

    /// <summary>An index to use, by its keys.</summary>
    public BsonDocument? Hint { get; init; }

    /// <summary>How long the server may work on it, counted there (<c>maxTimeMS</c>); no bound if null.</summary>
    public TimeSpan? MaxTime { get; init; }
}
