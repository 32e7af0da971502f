using System.Text;

namespace IotBus.MongoDb;

/// <summary>A database of a deployment. Thread-safe; costs nothing to make.</summary>
public sealed class MongoDatabase
{
    internal MongoDatabase(MongoClient client, string name)
    {
        MongoNames.RequireDatabase(name);
        Client = client;
        Name = name;
        NativeName = Encoding.UTF8.GetBytes(name + '\0');
    }

    public MongoClient Client { get; }

    public string Name { get; }

    /// <summary>The name as C reads it.</summary>
    internal byte[] NativeName { get; }

    public MongoCollection GetCollection(string name) => new(this, name);

    /// <summary>Runs a command on the primary, once, and returns the server's answer.</summary>
    /// <exception cref="MongoException">The command failed.</exception>
    public Task<BsonDocument> RunCommandAsync(
        BsonDocument command, MongoSession? session = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes a collection.</summary>
    /// <exception cref="MongoException">It exists (code 48), or the options are refused.</exception>
    public Task CreateCollectionAsync(
        string name, CreateCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>
    /// Makes a collection unless it exists. Any number of processes may do so at once. One that exists is left as it is; one of the
    /// other kind (a time series or not) is an error.
    /// </summary>
    public Task EnsureCollectionAsync(
        string name, CreateCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Makes those of the indexes that are missing. Any number of processes may do so at once.</summary>
    /// <exception cref="MongoException">An index of the same name or keys is there with other options (codes 85, 86).</exception>
    public Task EnsureIndexesAsync(
        string collection, IReadOnlyList<IndexModel> indexes, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    public Task<IReadOnlyList<string>> ListCollectionNamesAsync(CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Removes a collection, if it is there.</summary>
    public Task DropCollectionAsync(string name, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>Removes the database, if it is there.</summary>
    public Task DropAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
