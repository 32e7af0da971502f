namespace IotBus.MongoDb;

/// <summary>How a batch is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Stop at the first error. Otherwise the others are written too. The default is true, as in MongoDB.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>How long the server may work on each command, counted there (<c>maxTimeMS</c>); no bound if null.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Unordered.</summary>
    public static WriteOptions Unordered { get; } = new() { Ordered = false };
}
