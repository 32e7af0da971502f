namespace IotBus.MongoDb;

/// <summary>Where an operation failed.</summary>
public enum MongoFailure
{
    /// <summary>The server answered with an error.</summary>
    Server,

    /// <summary>The connection broke or the server did not answer in time. Whether it acted is unknown.</summary>
    Network,

    /// <summary>No server that could be asked was found within <see cref="MongoClientOptions.ServerSelectionTimeout"/>.</summary>
    ServerSelection,

    /// <summary>
    /// <see cref="MongoClientOptions.OperationTimeout"/> passed, or no session became free in time. Whether the server acted is unknown.
    /// </summary>
    Timeout,

    /// <summary>Name or password were refused.</summary>
    Authentication,

    /// <summary>The request cannot be sent, or the answer cannot be read: a wrong argument, an unknown option, a transaction in the wrong state.</summary>
    Usage,
}
