namespace IotBus.MongoDb;

/// <summary>How a batch is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Stop at the first error. Otherwise the others are written too. The default is true, as in MongoDB.</summary>
    public bool Ordered { get; init; } = true;

    /// <summary>How long the server may work on each command, counted there (<c>maxTimeMS</c>); no bound if null.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>
    /// How long after the call a command may still be sent, counted here: what is not with the server by then is not sent, neither for the
    /// first time nor again, and the call fails with <see cref="MongoFailure.Timeout"/> or with the error of the first attempt. What was sent
    /// may run on: with <see cref="MaxTime"/> the server gives up what it does not finish, so that nothing happens later than the sum of both
    /// (and the time of making a connection, <see cref="MongoClientOptions.ConnectTimeout"/>, where there is none). No bound if null.
    /// </summary>
    public TimeSpan? ClientTimeout { get; init; }

    /// <summary>Unordered.</summary>
    public static WriteOptions Unordered { get; } = new() { Ordered = false };
}
