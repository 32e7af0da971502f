namespace IotBus.MongoDb;

/// <summary>How one document is changed and returned.</summary>
public sealed record FindAndUpdateOptions
{
    /// <summary>Make the document if none matches.</summary>
    public bool Upsert { get; init; }

    /// <summary>Return it as it became, not as it was.</summary>
    public bool ReturnUpdated { get; init; }

    /// <summary>Which of those that match; any if null.</summary>
    public BsonDocument? Sort { get; init; }

    /// <summary>Which fields are returned; all if null.</summary>
    public BsonDocument? Projection { get; init; }
}
