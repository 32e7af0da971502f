using System.Text;

namespace IotBus.MongoDb;

/// <summary>Commands that make collections and indexes.</summary>
internal static class CollectionCommands
{
    public static BsonDocument Create(string name, CreateCollectionOptions options) => Bson.Document(w =>
    {
        w.WriteString("create"u8, name);
        if (options.TimeSeries is { } series)
            WriteTimeSeries(w, series);

        if (options.ExpireAfter is { } expireAfter)
            w.WriteInt64("expireAfterSeconds"u8, (long)expireAfter.TotalSeconds);

        if (options.Compressor is { } compressor)
        {
            w.WriteStartDocument("storageEngine"u8);
            w.WriteStartDocument("wiredTiger"u8);
            w.WriteString("configString"u8, $"block_compressor={compressor}");
            w.WriteEndDocument();
            w.WriteEndDocument();
        }
    });

    public static BsonDocument CreateIndexes(string collection, IReadOnlyList<IndexModel> indexes) => Bson.Document(w =>
    {
        w.WriteString("createIndexes"u8, collection);
        w.WriteStartArray("indexes"u8);
        foreach (var index in indexes)
            WriteIndex(w, index);

        w.WriteEndArray();
    });

    private static void WriteTimeSeries(BsonWriter writer, TimeSeriesOptions series)
    {
        writer.WriteStartDocument("timeseries"u8);
        writer.WriteString("timeField"u8, series.TimeField);
        if (series.MetaField is { } meta)
            writer.WriteString("metaField"u8, meta);

        if (series.Granularity is { } granularity)
            writer.WriteString("granularity"u8, granularity);

        writer.WriteEndDocument();
    }

    private static void WriteIndex(BsonWriter writer, IndexModel index)
    {
        writer.WriteStartDocument();
        writer.WriteDocument("key"u8, index.Keys);
        writer.WriteString("name"u8, index.Name ?? NameOf(index.Keys));
        if (index.Unique)
            writer.WriteBoolean("unique"u8, true);

        if (index.ExpireAfter is { } expireAfter)
            writer.WriteInt64("expireAfterSeconds"u8, (long)expireAfter.TotalSeconds);

        if (index.PartialFilter is { } filter)
            writer.WriteDocument("partialFilterExpression"u8, filter);

        writer.WriteEndDocument();
    }

    private static string NameOf(BsonDocument keys)
    {
        var name = new StringBuilder();
        foreach (var (field, direction) in keys.Select(k => (k.Name, k.Value)))
            name.Append(name.Length > 0 ? "_" : "").Append(field).Append('_').Append(direction.ToString().Trim('"'));

        return name.ToString();
    }
}
