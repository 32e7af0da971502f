using System.Collections.Concurrent;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// Makes collections and indexes before they are first used, outside any transaction: within one, making a collection conflicts with others, and
/// an index waits for the very transaction that waits for it. What failed is tried again by the next that asks. Thread-safe.
/// </summary>
internal sealed class StoreSetup(PersistenceStore store, MongoDbOutboxOptions options)
{
    private const int IndexOptionsConflict = 85;

    private readonly ConcurrentDictionary<string, Lazy<Task>> _made = new(StringComparer.Ordinal);

    /// <summary>Inbox, outbox and what belongs to them.</summary>
    public Task OutboxAsync() => OnceAsync(options.OutboxCollection, MakeOutboxAsync);

    /// <summary>A collection with indexes.</summary>
    public Task CollectionAsync(string name, IReadOnlyList<IndexModel> indexes) => OnceAsync(name, () => MakeAsync(name, indexes));

    /// <summary>One more index of a collection that is there.</summary>
    public Task IndexAsync(string collection, IndexModel index) =>
        OnceAsync($"{collection}\0{index.Keys.ToJson()}", () => store.Database.EnsureIndexesAsync(collection, [index]));

    /// <summary>Whether <see cref="IndexAsync"/> has made it.</summary>
    public bool HasIndex(string collection, IndexModel index) =>
        _made.TryGetValue($"{collection}\0{index.Keys.ToJson()}", out var making) && making.Value.IsCompletedSuccessfully;

    private async Task OnceAsync(string key, Func<Task> make)
    {
        var making = _made.GetOrAdd(key, _ => new Lazy<Task>(make));
        try
        {
            await making.Value.ConfigureAwait(false);
        }
        catch
        {
            _made.TryRemove(new KeyValuePair<string, Lazy<Task>>(key, making));
            throw;
        }
    }

    private async Task MakeOutboxAsync()
    {
        await MakeAsync(options.OutboxCollection, OutboxCollection.Indexes).ConfigureAwait(false);
        await MakeAsync(options.LeaseCollection, LeaseCollection.Indexes).ConfigureAwait(false);
        await store.Database.EnsureCollectionAsync(options.ProcessCollection).ConfigureAwait(false);
        await store.Database.EnsureCollectionAsync(options.InboxCollection).ConfigureAwait(false);
        await ExpireAsync(options.InboxCollection, "at", options.DuplicateDetectionWindow).ConfigureAwait(false);
    }

    private async Task MakeAsync(string name, IReadOnlyList<IndexModel> indexes)
    {
        await store.Database.EnsureCollectionAsync(name).ConfigureAwait(false);
        foreach (var index in indexes)
        {
            if (index.ExpireAfter is { } life)
                await ExpireAsync(name, index.Keys.First().Name, life).ConfigureAwait(false);
            else
                await store.Database.EnsureIndexesAsync(name, [index]).ConfigureAwait(false);
        }
    }

    /// <summary>A retention is a setting, so the index may be there with an older one.</summary>
    private async Task ExpireAsync(string collection, string field, TimeSpan life)
    {
        var keys = Bson.Document((field, 1));
        try
        {
            await store.Database.EnsureIndexesAsync(collection, [new IndexModel(keys) { ExpireAfter = life }]).ConfigureAwait(false);
        }
        catch (MongoException e) when (e.Code == IndexOptionsConflict)
        {
            var index = Bson.Document(("keyPattern", keys), ("expireAfterSeconds", (long)life.TotalSeconds));
            await store.Database.RunCommandAsync(Bson.Document(("collMod", collection), ("index", index))).ConfigureAwait(false);
        }
    }
}
