namespace IotBus.MongoDb;

/// <summary>Change streams.</summary>
public sealed partial class MongoCollection
{
    /// <summary>Opens a change stream on the collection, which need not be there yet.</summary>
    /// <param name="pipeline">Stages that each change passes on the server; they must leave its <c>_id</c>.</param>
    /// <param name="options">Where to begin, and how long to wait.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="MongoException">
    /// It cannot be: code 40573 on a server that is no replica set's, 13 without the right, 280 or 286 if it cannot go on after the token;
    /// a failure of kind <see cref="MongoFailure.Usage"/> if <see cref="MongoClientOptions.MaxStreams"/> are open.
    /// </exception>
    public Task<ChangeStream> WatchAsync(
        IReadOnlyList<BsonDocument> pipeline, ChangeStreamOptions? options = null, CancellationToken cancellationToken = default) =>
        ChangeStream.OpenAsync(this, pipeline, options ?? new ChangeStreamOptions(), cancellationToken);
}
