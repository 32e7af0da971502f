using IotBus.MongoDb;
using IotBus.Reporting.Store;

namespace IotBus.Reporting.Series;

/// <summary>The time series <c>sensor_data</c>, for reading. Thread-safe.</summary>
internal sealed class SensorSeries(ReportingStore store)
{
    /// <summary>The readings of a device in buckets by time; those without a reading are left out.</summary>
    public async Task<IReadOnlyList<SeriesBucket>> ReadAsync(string device, SeriesRange range, CancellationToken cancellationToken)
    {
        var match = Bson.Document(("$match", Bson.Document(
            ("meta.device", device),
            ("meta.type", "telemetry"),
            ("timestamp", Bson.Document(("$gte", range.From), ("$lt", range.To))))));
        var group = Bson.Document(("$group", Bson.Document(
            ("_id", BucketOf(range)),
            ("count", Bson.Document(("$sum", 1))),
            ("t_avg", Bson.Document(("$avg", "$temperature"))),
            ("t_min", Bson.Document(("$min", "$temperature"))),
            ("t_max", Bson.Document(("$max", "$temperature"))),
            ("h_avg", Bson.Document(("$avg", "$humidity"))),
            ("h_min", Bson.Document(("$min", "$humidity"))),
            ("h_max", Bson.Document(("$max", "$humidity"))))));
        var sort = Bson.Document(("$sort", Bson.Document(("_id", 1))));

        var buckets = new List<SeriesBucket>();
        await foreach (var bucket in store.SensorData.AggregateEachAsync([match, group, sort], store.Aggregate, cancellationToken: cancellationToken))
        {
            buckets.Add(new SeriesBucket(
                bucket.GetDateTime("_id"u8).UtcDateTime,
                bucket.GetInt64("count"u8),
                new Spread(bucket.GetDouble("t_avg"u8), bucket.GetDouble("t_min"u8), bucket.GetDouble("t_max"u8)),
                new Spread(bucket.GetDouble("h_avg"u8), bucket.GetDouble("h_min"u8), bucket.GetDouble("h_max"u8))));
        }

        return buckets;
    }

    /// <summary>
    /// The start of an event's bucket, counted from that of the first: a remainder of a time before 1970 would be negative, and <c>$dateTrunc</c> counts
    /// weeks and multiples of days from elsewhere.
    /// </summary>
    private static BsonValue BucketOf(SeriesRange range)
    {
        var sinceFirst = Bson.Document(("$subtract", Bson.Array("$timestamp", range.FirstBucket)));
        var sinceStart = Bson.Document(("$mod", Bson.Array(sinceFirst, (long)range.Bucket.TotalMilliseconds)));
        return Bson.Document(("$subtract", Bson.Array("$timestamp", sinceStart)));
    }
}
