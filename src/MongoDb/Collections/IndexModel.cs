namespace IotBus.MongoDb;

/// <summary>An index that a collection shall have.</summary>
/// <param name="Keys">The fields with 1 or -1, in order.</param>
public sealed record IndexModel(BsonDocument Keys)
{
    /// <summary>Its name; made from the keys if null, as MongoDB does: <c>meta.device_1_timestamp_1</c>.</summary>
    public string? Name { get; init; }

    public bool Unique { get; init; }

    /// <summary>How long after the time in the (single) field a document is removed.</summary>
    public TimeSpan? ExpireAfter { get; init; }

    /// <summary>Only documents that match are in the index.</summary>
    public BsonDocument? PartialFilter { get; init; }
}
