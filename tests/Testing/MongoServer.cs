using System.Globalization;
using IotBus.DevMongo;

namespace IotBus.Testing;

/// <summary>
/// The MongoDB that tests run against: the one IOTBUS_TEST_MONGODB names, or else a stand-in of their own. Tests take
/// databases with unique names and drop them.
/// </summary>
public sealed class MongoServer : IAsyncDisposable
{
    private const string Variable = "IOTBUS_TEST_MONGODB";

    private readonly DevMongoServer? _standIn;
    private readonly string _run = Guid.NewGuid().ToString("N");
    private int _databases;

    private MongoServer(string uri, DevMongoServer? standIn)
    {
        Uri = uri;
        _standIn = standIn;
    }

    /// <summary>The connection string.</summary>
    public string Uri { get; }

    /// <summary>Whether this is a MongoDB server rather than the stand-in.</summary>
    public bool IsReal => _standIn is null;

    public static async Task<MongoServer> StartAsync()
    {
        string? uri = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrWhiteSpace(uri))
        {
            return new MongoServer(uri, standIn: null);
        }

        DevMongoServer standIn = await DevMongoServer.StartAsync().ConfigureAwait(false);
        return new MongoServer(standIn.Uri, standIn);
    }

    /// <summary>A database name that no other test has; it begins with the first 20 characters of the prefix.</summary>
    public string UniqueDatabaseName(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);

        // MongoDB takes names of up to 63 bytes.
        int number = Interlocked.Increment(ref _databases);
        return string.Create(CultureInfo.InvariantCulture, $"{prefix[..Math.Min(prefix.Length, 20)]}_{_run}_{number}");
    }

    public ValueTask DisposeAsync() => _standIn is null ? ValueTask.CompletedTask : _standIn.DisposeAsync();
}
