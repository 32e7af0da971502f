namespace IotBus.MongoDb;

/// <summary>Find and aggregate commands.</summary>
internal static class ReadCommands
{
    public static BsonDocument Find(string collection, BsonDocument filter, FindOptions options, bool singleBatch) => Bson.Document(w =>
    {
        w.WriteString("find"u8, collection);
        w.WriteDocument("filter"u8, filter);
        WriteOptional(w, "projection"u8, options.Projection);
        WriteOptional(w, "sort"u8, options.Sort);
        WriteOptional(w, "hint"u8, options.Hint);
        WritePositive(w, "limit"u8, options.Limit);
        WritePositive(w, "skip"u8, options.Skip);
        WritePositive(w, "batchSize"u8, options.BatchSize);
        WriteMaxTime(w, options.MaxTime);
        if (singleBatch)
            w.WriteBoolean("singleBatch"u8, true);
    });

    public static BsonDocument Aggregate(string collection, IReadOnlyList<BsonDocument> pipeline, AggregateOptions options) => Bson.Document(w =>
    {
        w.WriteString("aggregate"u8, collection);
        w.WriteArray("pipeline"u8, pipeline);
        w.WriteStartDocument("cursor"u8);
        WritePositive(w, "batchSize"u8, options.BatchSize);
        w.WriteEndDocument();
        if (options.AllowDiskUse)
            w.WriteBoolean("allowDiskUse"u8, true);

        WriteOptional(w, "hint"u8, options.Hint);
        WriteMaxTime(w, options.MaxTime);
    });

    /// <summary>Whether the last stage writes, so that the pipeline must not run twice.</summary>
    public static bool Writes(IReadOnlyList<BsonDocument> pipeline) =>
        pipeline.Count > 0 && (pipeline[^1].Contains("$out"u8) || pipeline[^1].Contains("$merge"u8));

    private static void WriteOptional(BsonWriter writer, BsonName name, BsonDocument? value)
    {
        if (value is { } document)
            writer.WriteDocument(name, document);
    }

    private static void WritePositive(BsonWriter writer, BsonName name, int value)
    {
        if (value > 0)
            writer.WriteInt32(name, value);
    }

    private static void WriteMaxTime(BsonWriter writer, TimeSpan? value)
    {
        if (value is { } time)
            writer.WriteInt64("maxTimeMS"u8, (long)time.TotalMilliseconds);
    }
}
