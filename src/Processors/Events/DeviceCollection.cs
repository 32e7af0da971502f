using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Events;

/// <summary>
/// The last known state of each device, a document for each of its streams. A stream's document is written by one partition only, so reading and comparing
/// inside the transaction is enough to move it forward and never back.
/// </summary>
internal sealed class DeviceCollection(MongoDatabase database)
{
    private readonly MongoCollection _collection = database.GetCollection(Collections.Devices);

    /// <param name="session">The transaction.</param>
    /// <param name="stream"><c>telemetry</c> or <c>alerts</c>.</param>
    /// <param name="batch">What the batch tells.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task AdvanceAsync(MongoSession session, string stream, DeviceStateBatch batch, CancellationToken cancellationToken)
    {
        var known = await FindAsync(session, stream, batch, cancellationToken).ConfigureAwait(false);
        using var updates = new WriteBatch(batch.States.Count * 384);
        foreach (var (device, told) in batch.States)
        {
            var state = told;
            if (known.TryGetValue(device, out var stored))
            {
                if (!stored.Advance(told))
                    continue;

                state = stored;
            }

            var update = updates.StartUpdate(upsert: true);
            update.WriteStartDocument("q"u8);
            update.WriteStartDocument("_id"u8);
            WriteId(update, device, stream);
            update.WriteEndDocument();
            update.WriteEndDocument();
            update.WriteStartDocument("u"u8);
            update.WriteStartDocument("$set"u8);
            DeviceStateFields.Write(update, state);
            update.WriteEndDocument();
            update.WriteEndDocument();
            update.WriteEndDocument();
        }

        if (updates.Count > 0)
            await _collection.BulkWriteAsync(updates, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private async Task<Dictionary<string, DeviceState>> FindAsync(
        MongoSession session,
        string stream,
        DeviceStateBatch batch,
        CancellationToken cancellationToken)
    {
        var filter = Bson.Document(writer =>
        {
            writer.WriteStartDocument("_id"u8);
            writer.WriteStartArray("$in"u8);
            foreach (var device in batch.States.Keys)
            {
                writer.WriteStartDocument();
                WriteId(writer, device, stream);
                writer.WriteEndDocument();
            }

            writer.WriteEndArray();
            writer.WriteEndDocument();
        });
        var documents = await _collection.FindAsync(filter, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
        var states = new Dictionary<string, DeviceState>(documents.Count);
        foreach (var document in documents)
            states.Add(document.GetDocument("_id"u8).GetString("d"u8), DeviceStateFields.Read(document));

        return states;
    }

    private static void WriteId(BsonWriter writer, string device, string stream)
    {
        writer.WriteString("d"u8, device);
        writer.WriteString("s"u8, stream);
    }
}
