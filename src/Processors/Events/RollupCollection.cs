using System.Globalization;
using IotBus.Kafka;
using IotBus.MongoDb;
using IotBus.Processors.Store;

namespace IotBus.Processors.Events;

/// <summary>Counts, sums and extremes by hour, so that no report has to read the series.</summary>
internal sealed class RollupCollection(MongoDatabase database)
{
    private readonly MongoCollection _collection = database.GetCollection(Collections.Rollups);

    public async Task AddAsync(MongoSession session, TopicAssignment assignment, RollupBatch rollups, CancellationToken cancellationToken)
    {
        var stream = string.Create(CultureInfo.InvariantCulture, $"{assignment.Topic}/{assignment.Partition}");
        using var updates = new WriteBatch(rollups.Rows.Count * 320);
        foreach (var (key, rollup) in rollups.Rows)
        {
            var update = updates.StartUpdate(upsert: true);
            update.WriteStartDocument("q"u8);
            WriteId(update, key, stream);
            update.WriteEndDocument();
            update.WriteStartDocument("u"u8);
            WriteChange(update, rollup);
            update.WriteEndDocument();
            update.WriteEndDocument();
        }

        await _collection.BulkWriteAsync(updates, session: session, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static void WriteId(BsonWriter writer, in RollupKey key, string stream)
    {
        writer.WriteStartDocument("_id"u8);
        writer.WriteDateTime("t"u8, key.Hour);
        writer.WriteString("s"u8, stream);
        writer.WriteString("k"u8, key.Kind);
        if (key.Zone is { } zone)
            writer.WriteString("z"u8, zone);

        if (key.Value is { } value)
            writer.WriteString("v"u8, value);

        if (key.Device is { } device)
            writer.WriteString("d"u8, device);

        writer.WriteEndDocument();
    }

    private static void WriteChange(BsonWriter writer, Rollup rollup)
    {
        writer.WriteStartDocument("$inc"u8);
        writer.WriteInt64("count"u8, rollup.Count);
        if (rollup.HasReadings)
        {
            writer.WriteDouble("temperature.sum"u8, rollup.Temperature.Sum);
            writer.WriteDouble("humidity.sum"u8, rollup.Humidity.Sum);
        }

        writer.WriteEndDocument();
        if (!rollup.HasReadings)
            return;

        writer.WriteStartDocument("$min"u8);
        writer.WriteDouble("temperature.min"u8, rollup.Temperature.Min);
        writer.WriteDouble("humidity.min"u8, rollup.Humidity.Min);
        writer.WriteEndDocument();
        writer.WriteStartDocument("$max"u8);
        writer.WriteDouble("temperature.max"u8, rollup.Temperature.Max);
        writer.WriteDouble("humidity.max"u8, rollup.Humidity.Max);
        writer.WriteEndDocument();
    }
}
