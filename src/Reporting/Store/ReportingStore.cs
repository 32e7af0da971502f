using IotBus.MongoDb;

namespace IotBus.Reporting.Store;

/// <summary>The collections that are read, and the bounds of reading them. Thread-safe.</summary>
internal sealed class ReportingStore : IAsyncDisposable
{
    private readonly MongoClient _client;

    /// <exception cref="MongoException">The URI is malformed, or names a user as well.</exception>
    public ReportingStore(ReportingStoreOptions options)
    {
        _client = new MongoClient(new MongoClientOptions
        {
            Uri = options.Uri,
            Username = options.Username,
            Password = options.Password,
            AppName = "iotbus-reporting",
            ServerSelectionTimeout = options.ServerSelectionTimeout,
            ConnectTimeout = options.ServerSelectionTimeout,
            SocketTimeout = options.QueryTimeout + options.ServerSelectionTimeout,
            OperationTimeout = options.QueryTimeout + options.ServerSelectionTimeout,
        });
        Find = new FindOptions { MaxTime = options.QueryTimeout };
        Aggregate = new AggregateOptions { MaxTime = options.QueryTimeout, AllowDiskUse = true };

        var database = _client.GetDatabase(options.Database);
        Rollups = database.GetCollection("rollups");
        Devices = database.GetCollection("devices");
        SensorData = database.GetCollection("sensor_data");
    }

    public MongoCollection Rollups { get; }

    public MongoCollection Devices { get; }

    public MongoCollection SensorData { get; }

    /// <summary>A find within the bound of a query.</summary>
    public FindOptions Find { get; }

    /// <summary>An aggregation within the bound of a query.</summary>
    public AggregateOptions Aggregate { get; }

    /// <exception cref="MongoException">MongoDB does not answer.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => _client.PingAsync(cancellationToken);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
