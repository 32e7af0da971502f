using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Events;

/// <summary>How far each partition has come.</summary>
internal sealed class ProgressCollection(MongoDatabase database, string consumer)
{
    private readonly MongoCollection _collection = database.GetCollection(Collections.Progress);

    public async Task<ProgressDocument?> FindAsync(TopicAssignment assignment, CancellationToken cancellationToken)
    {
        var found = await _collection.FindOneAsync(Bson.Document(("_id", Id(assignment))), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (found is not { } document)
            return null;

        document.TryGetString("topic_id"u8, out var topicId);
        return new ProgressDocument(
            topicId,
            document.GetInt64("applied"u8),
            document.GetInt64("stored"u8),
            document.TryGetGuid("session"u8, out var session) ? session : null);
    }

    /// <summary>Names the session whose transactions will move the partition's progress, so that a successor can end what it leaves open.</summary>
    public async Task ClaimAsync(TopicAssignment assignment, Guid session, CancellationToken cancellationToken)
    {
        using var update = new WriteBatch(512);
        update.Update(
            Bson.Document(("_id", Id(assignment))),
            Bson.Document(
                ("$set", Bson.Document(("session", session))),
                ("$setOnInsert", Bson.Document(("applied", -1L), ("stored", -1L)))),
            upsert: true);
        await _collection.BulkWriteAsync(update, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends a session of a consumer that is gone. A transaction that it left open would hold the partition's documents until the server's limit of a
    /// transaction's life, a minute by default.
    /// </summary>
    public Task EndSessionAsync(Guid session, CancellationToken cancellationToken) => database.RunCommandAsync(
        Bson.Document(("killSessions", Bson.Array(Bson.Document(("id", session))))),
        cancellationToken: cancellationToken);

    /// <summary>Moves a partition's progress within a transaction, if it is still where this consumer knows it to be.</summary>
    /// <exception cref="PartitionFencedException">It is not: another consumer has moved it.</exception>
    public async Task AdvanceAsync(
        MongoSession session,
        TopicAssignment assignment,
        PartitionProgress progress,
        long lastOffset,
        CancellationToken cancellationToken)
    {
        using var update = new WriteBatch(512);
        var fields = assignment.TopicId is { } topicId
            ? Bson.Document(("applied", lastOffset), ("stored", progress.Complete), ("topic_id", topicId))
            : Bson.Document(("applied", lastOffset), ("stored", progress.Complete));
        update.Update(Bson.Document(("_id", Id(assignment)), ("applied", progress.Applied)), Bson.Document(("$set", fields)));
        var result = await _collection.BulkWriteAsync(update, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (result.Matched == 0)
            throw Fenced(assignment);
    }

    /// <summary>Starts the progress of a topic that was made again.</summary>
    /// <exception cref="PartitionFencedException">Another consumer has done so already.</exception>
    public async Task RestartAsync(TopicAssignment assignment, ProgressDocument stale, CancellationToken cancellationToken)
    {
        using var update = new WriteBatch(512);
        var fields = Bson.Document(
            ("applied", -1L),
            ("stored", -1L),
            ("topic_id", assignment.TopicId is { } topicId ? topicId : BsonValue.Null));
        update.Update(Bson.Document(("_id", Id(assignment)), ("applied", stale.Applied)), Bson.Document(("$set", fields)));
        var result = await _collection.BulkWriteAsync(update, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (result.Matched == 0)
            throw Fenced(assignment);
    }

    private BsonDocument Id(TopicAssignment assignment) =>
        Bson.Document(("c", consumer), ("t", assignment.Topic), ("p", assignment.Partition));

    private static PartitionFencedException Fenced(TopicAssignment assignment) =>
        new(assignment.Topic, assignment.Partition, "another consumer has moved the progress.");
}
