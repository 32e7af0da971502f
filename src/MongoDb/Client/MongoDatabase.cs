using System.Text;
using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>A database of a deployment. Thread-safe; costs nothing to make.</summary>
/// <exception cref="MongoException">Any operation: the server refused it or could not be asked.</exception>
public sealed partial class MongoDatabase
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
        RunAsync(command, CommandKind.Raw, session, cancellationToken);

    /// <summary>Removes the database, if it is there.</summary>
    public Task DropAsync(CancellationToken cancellationToken = default) =>
        RunAsync(Bson.Document(("dropDatabase", 1)), CommandKind.Write, session: null, cancellationToken);

    private Task<BsonDocument> RunAsync(BsonDocument command, CommandKind kind, MongoSession? session, CancellationToken cancellationToken)
    {
        var native = session?.Native;
        return Client.Lanes.RunAsync(
            (lane, _) => lane.Run(NativeName, command.Span, native, kind), session?.Lane, release: null, cancellationToken);
    }
}
