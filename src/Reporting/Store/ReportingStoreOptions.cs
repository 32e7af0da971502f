namespace IotBus.Reporting.Store;

/// <summary>The configuration section <c>MongoDb</c>.</summary>
internal sealed class ReportingStoreOptions
{
    /// <summary>Where MongoDB is; a URI of a replica set.</summary>
    public string Uri { get; set; } = "";

    /// <summary>Who logs in, where the URI names nobody.</summary>
    public string? Username { get; set; }

    /// <summary>That user's password, as it is.</summary>
    public string? Password { get; set; }

    public string Database { get; set; } = "iotbus";

    /// <summary>How long the server may work on a query; beyond it the caller gets 503.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a query waits for a server it can be sent to; beyond it the caller gets 503.</summary>
    public TimeSpan ServerSelectionTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
