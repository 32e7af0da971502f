namespace IotBus.MongoDb;

/// <summary>Where MongoDB is, and the bounds of talking to it. What the URI itself says about a bound wins.</summary>
public sealed record MongoClientOptions
{
    /// <summary>A <c>mongodb://</c> or <c>mongodb+srv://</c> URI. For transactions it is a replica set's.</summary>
    public required string Uri { get; init; }

    /// <summary>
    /// Who logs in, with <see cref="Password"/>, as they are and not percent-encoded; for a URI that must not hold secrets. Null for what the URI says.
    /// The URI's <c>authSource</c> and <c>authMechanism</c> count.
    /// </summary>
    public string? Username { get; init; }

    /// <summary>The password of <see cref="Username"/>.</summary>
    public string? Password { get; init; }

    /// <summary>The name the server's log knows this client by.</summary>
    public string AppName { get; init; } = "iotbus";

    /// <summary>How many operations are with the server at the same time, those of sessions aside; each has a connection and a thread. More wait.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>How many sessions are open at the same time; each has a connection and a thread. More wait.</summary>
    public int MaxSessions { get; init; } = 16;

    /// <summary>How many change streams are open at the same time; each has a connection and a thread. More are refused.</summary>
    public int MaxStreams { get; init; } = 4;

    /// <summary>How long an operation waits for a server it can be sent to.</summary>
    public TimeSpan ServerSelectionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long making a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server may be silent while an answer is due.</summary>
    public TimeSpan SocketTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a caller waits for one operation, its time in the queue and its second attempt included.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(90);
}
