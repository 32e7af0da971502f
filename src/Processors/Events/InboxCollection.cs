using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Events;

/// <summary>The events that were applied of late, by identifier.</summary>
internal sealed class InboxCollection(MongoDatabase database, string consumer)
{
    private const int LookupSize = 5_000;

    private static readonly BsonDocument IdOnly = Bson.Document(("_id", 1));
    private static readonly BsonDocument IdAndOrigin = Bson.Document(("_id", 1), ("o", 1));

    private readonly MongoCollection _collection = database.GetCollection(Collections.Inbox);

    /// <summary>Which of the events are known.</summary>
    public async Task<HashSet<Guid>> KnownAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        var known = new HashSet<Guid>();
        await LookUpAsync(events, IdOnly, (id, _) => known.Add(id), cancellationToken).ConfigureAwait(false);
        return known;
    }

    /// <summary>
    /// The events whose effects came from these very offsets. Not those that were repeats: they are named in the inbox by the offset that came first. An event
    /// the inbox has forgotten counts as its own.
    /// </summary>
    public async Task<List<StoredEvent>> BroughtByAsync(
        TopicAssignment assignment,
        IReadOnlyList<StoredEvent> events,
        CancellationToken cancellationToken)
    {
        var origins = new Dictionary<Guid, long>();
        await LookUpAsync(events, IdAndOrigin, (id, row) => origins[id] = Origin(row, assignment), cancellationToken).ConfigureAwait(false);
        var own = new List<StoredEvent>(events.Count);
        var seen = new HashSet<Guid>();
        foreach (var stored in events)
        {
            var isOwn = !origins.TryGetValue(stored.Event.EventId, out var offset) || offset == stored.Offset;
            if (isOwn && seen.Add(stored.Event.EventId))
                own.Add(stored);
        }

        return own;
    }

    /// <exception cref="MongoException">With <see cref="MongoException.IsDuplicateKey"/> when an event is known already; the transaction is void then.</exception>
    public async Task InsertAsync(
        MongoSession session,
        TopicAssignment assignment,
        IReadOnlyList<StoredEvent> events,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        using var rows = new BsonBatch(events.Count * 160);
        foreach (var stored in events)
        {
            var row = rows.StartDocument();
            WriteId(row, stored.Event.EventId);
            row.WriteStartDocument("o"u8);
            row.WriteString("t"u8, assignment.Topic);
            row.WriteInt32("p"u8, assignment.Partition);
            row.WriteInt64("o"u8, stored.Offset);
            row.WriteEndDocument();
            row.WriteDateTime("at"u8, now);
            row.WriteEndDocument();
        }

        await _collection.InsertManyAsync(rows, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private async Task LookUpAsync(
        IReadOnlyList<StoredEvent> events,
        BsonDocument projection,
        Action<Guid, BsonDocument> found,
        CancellationToken cancellationToken)
    {
        for (var start = 0; start < events.Count; start += LookupSize)
        {
            var end = Math.Min(start + LookupSize, events.Count);
            var first = start;
            var filter = Bson.Document(writer =>
            {
                writer.WriteStartDocument("_id"u8);
                writer.WriteStartArray("$in"u8);
                for (var i = first; i < end; i++)
                {
                    writer.WriteStartDocument();
                    writer.WriteString("c"u8, consumer);
                    writer.WriteGuid("m"u8, events[i].Event.EventId);
                    writer.WriteEndDocument();
                }

                writer.WriteEndArray();
                writer.WriteEndDocument();
            });
            var rows = await _collection.FindAsync(filter, new FindOptions { Projection = projection }, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
                found(row.GetDocument("_id"u8).GetGuid("m"u8), row);
        }
    }

    private void WriteId(BsonWriter row, Guid id)
    {
        row.WriteStartDocument("_id"u8);
        row.WriteString("c"u8, consumer);
        row.WriteGuid("m"u8, id);
        row.WriteEndDocument();
    }

    // −1 for another partition: no event of this one has that offset.
    private static long Origin(BsonDocument row, TopicAssignment assignment)
    {
        var origin = row.GetDocument("o"u8);
        return origin.GetString("t"u8) == assignment.Topic && origin.GetInt32("p"u8) == assignment.Partition ? origin.GetInt64("o"u8) : -1;
    }
}
