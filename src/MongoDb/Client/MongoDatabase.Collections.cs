using IotBus.MongoDb.Lanes;

namespace IotBus.MongoDb;

/// <summary>Collections and their indexes.</summary>
public sealed partial class MongoDatabase
{
    /// <summary>Makes a collection.</summary>
    /// <exception cref="MongoException">It exists (code 48), or the options are refused.</exception>
    public Task CreateCollectionAsync(
        string name, CreateCollectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        MongoNames.RequireCollection(name);
        return RunAsync(
            CollectionCommands.Create(name, options ?? new CreateCollectionOptions()), CommandKind.Write, session: null, cancellationToken);
    }

    /// <summary>
    /// Makes a collection unless it exists. Any number of processes may do so at once. One that exists is left as it is; one of the
    /// other kind (a time series or not) is an error.
    /// </summary>
    public async Task EnsureCollectionAsync(
        string name, CreateCollectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await CreateCollectionAsync(name, options, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException e) when (e.Code == MongoCodes.NamespaceExists)
        {
            await RequireKindAsync(name, isTimeSeries: options?.TimeSeries is not null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes those of the indexes that are missing. Any number of processes may do so at once.</summary>
    /// <exception cref="MongoException">An index of the same name or keys is there with other options (codes 85, 86).</exception>
    public Task EnsureIndexesAsync(
        string collection, IReadOnlyList<IndexModel> indexes, CancellationToken cancellationToken = default)
    {
        MongoNames.RequireCollection(collection);
        ArgumentNullException.ThrowIfNull(indexes);
        return indexes.Count == 0
            ? Task.CompletedTask
            : RunAsync(CollectionCommands.CreateIndexes(collection, indexes), CommandKind.Write, session: null, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListCollectionNamesAsync(CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        foreach (var collection in await ListAsync(BsonDocument.Empty, cancellationToken).ConfigureAwait(false))
            names.Add(collection.GetString("name"u8));

        return names;
    }

    /// <summary>Removes a collection, if it is there.</summary>
    public async Task DropCollectionAsync(string name, CancellationToken cancellationToken = default)
    {
        MongoNames.RequireCollection(name);
        try
        {
            await RunAsync(Bson.Document(("drop", name)), CommandKind.Write, session: null, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoException e) when (e.Code == MongoCodes.NamespaceNotFound)
        {
            // It is not there: that was the wish.
        }
    }

    private async Task RequireKindAsync(string name, bool isTimeSeries, CancellationToken cancellationToken)
    {
        foreach (var collection in await ListAsync(Bson.Document(("name", name)), cancellationToken).ConfigureAwait(false))
        {
            if (collection.TryGetString("type"u8, out var type) && (type == "timeseries") != isTimeSeries)
            {
                throw new MongoException(
                    MongoFailure.Usage, $"'{Name}.{name}' exists, but as a {type}, and should {(isTimeSeries ? "" : "not ")}be a time series.");
            }
        }
    }

    private async Task<IReadOnlyList<BsonDocument>> ListAsync(BsonDocument filter, CancellationToken cancellationToken)
    {
        // The server lists all that fit into one batch; a database has a dozen collections here, not thousands.
        const int more = 10_000;
        var command = Bson.Document(("listCollections", 1), ("filter", filter), ("cursor", Bson.Document(("batchSize", more))));
        var reply = await RunAsync(command, CommandKind.Raw, session: null, cancellationToken).ConfigureAwait(false);
        return reply.GetDocument("cursor"u8).GetDocuments("firstBatch"u8);
    }
}
