using IotBus.Messages;
using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Events;

/// <summary>The time series of all events. It knows no transactions and no unique keys: what goes in twice is there twice.</summary>
internal sealed class SeriesCollection(MongoDatabase database)
{
    private const int LookupSize = 1_000;

    private static readonly BsonDocument IdOnly = Bson.Document(("_id", 1));

    private readonly MongoCollection _collection = database.GetCollection(Collections.SensorData);

    /// <param name="events">The events.</param>
    /// <param name="timeout">How long it may take until it is with the server, second attempt included, and how long the server may then work on it.</param>
    /// <param name="cancellationToken">Cancels the wait; what the server has begun it may finish within the timeout.</param>
    public async Task InsertAsync(IReadOnlyList<StoredEvent> events, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return;

        using var documents = new BsonBatch(events.Count * 256);
        foreach (var stored in events)
            Write(documents.StartDocument(), stored);

        var options = WriteOptions.Unordered with { MaxTime = timeout, ClientTimeout = timeout };
        await _collection.InsertManyAsync(documents, options, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which of the events are not there.</summary>
    public async Task<List<StoredEvent>> MissingAsync(List<StoredEvent> events, CancellationToken cancellationToken)
    {
        var present = new HashSet<Guid>();
        for (var start = 0; start < events.Count; start += LookupSize)
        {
            var chunk = events.GetRange(start, Math.Min(LookupSize, events.Count - start));
            var found = await _collection.FindAsync(Filter(chunk), new FindOptions { Projection = IdOnly }, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var document in found)
                present.Add(document.GetGuid("_id"u8));
        }

        return events.FindAll(stored => !present.Contains(stored.Event.EventId));
    }

    // By device and time, since there is an index on those, and by _id among what that leaves.
    private static BsonDocument Filter(List<StoredEvent> events)
    {
        var devices = new HashSet<string>();
        var (from, to) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var stored in events)
        {
            devices.Add(stored.Event.DeviceId);
            from = stored.Event.Timestamp < from ? stored.Event.Timestamp : from;
            to = stored.Event.Timestamp > to ? stored.Event.Timestamp : to;
        }

        return Bson.Document(writer =>
        {
            writer.WriteStartDocument("meta.device"u8);
            writer.WriteStartArray("$in"u8);
            foreach (var device in devices)
                writer.WriteString(device);

            writer.WriteEndArray();
            writer.WriteEndDocument();
            writer.WriteStartDocument("timestamp"u8);
            writer.WriteDateTime("$gte"u8, from);
            writer.WriteDateTime("$lte"u8, to);
            writer.WriteEndDocument();
            writer.WriteStartDocument("_id"u8);
            writer.WriteStartArray("$in"u8);
            foreach (var stored in events)
                writer.WriteGuid(stored.Event.EventId);

            writer.WriteEndArray();
            writer.WriteEndDocument();
        });
    }

    private static void Write(BsonWriter document, in StoredEvent stored)
    {
        var sensorEvent = stored.Event;
        document.WriteGuid("_id"u8, sensorEvent.EventId);
        document.WriteDateTime("timestamp"u8, sensorEvent.Timestamp);
        document.WriteStartDocument("meta"u8);
        document.WriteString("device"u8, sensorEvent.DeviceId);
        if (stored.Zone is { } zone)
            document.WriteString("zone"u8, zone);

        document.WriteString("type"u8, sensorEvent.Type);
        document.WriteEndDocument();
        switch (sensorEvent)
        {
            case TelemetryRecorded telemetry:
                document.WriteDouble("temperature"u8, telemetry.Temperature);
                document.WriteDouble("humidity"u8, telemetry.Humidity);
                break;
            case DeviceBooted boot:
                document.WriteString("firmware"u8, boot.Firmware);
                break;
            case FirmwareUpdateStarted update:
                document.WriteString("update_to"u8, update.UpdateTo);
                break;
            case AlertRaised alert:
                document.WriteString("error_code"u8, alert.ErrorCode);
                document.WriteString("severity"u8, alert.Severity);
                break;
            default:
                throw new ArgumentException($"No document is defined for {sensorEvent.GetType()}.", nameof(stored));
        }

        document.WriteDateTime("ingested_at"u8, stored.IngestedAt);
        document.WriteEndDocument();
    }
}
