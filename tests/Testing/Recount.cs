using IotBus.MongoDb;

namespace IotBus.Testing;

/// <summary>Counts the series again, event by event, and holds the rollups against it.</summary>
public static class Recount
{
    private const double Tolerance = 1e-9;

    private sealed class Row
    {
        public long Count { get; set; }

        public double Temperature { get; set; }

        public double Humidity { get; set; }

        public double Hottest { get; set; } = double.MinValue;

        public double Coldest { get; set; } = double.MaxValue;
    }

    private readonly record struct Key(DateTimeOffset Hour, string Kind, string? Zone, string? Value, string? Device);

    /// <exception cref="InvalidDataException">An event is in the series twice, or a rollup differs from what the series gives.</exception>
    public static async Task AssertRollupsMatchSeriesAsync(MongoDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var expected = await CountSeriesAsync(database).ConfigureAwait(false);
        var actual = await ReadRollupsAsync(database).ConfigureAwait(false);
        foreach (var key in expected.Keys.Union(actual.Keys))
        {
            if (!expected.TryGetValue(key, out var counted) || !actual.TryGetValue(key, out var rolled))
                throw new InvalidDataException($"{key}: {(expected.ContainsKey(key) ? "no rollup" : "no events")}.");

            if (counted.Count != rolled.Count || !IsNear(counted.Temperature, rolled.Temperature) || !IsNear(counted.Humidity, rolled.Humidity))
                throw new InvalidDataException($"{key}: {counted.Count} events in the series, {rolled.Count} in the rollup (or other sums).");

            if (key.Kind == "telemetry" && (counted.Hottest != rolled.Hottest || counted.Coldest != rolled.Coldest))
                throw new InvalidDataException($"{key}: {counted.Coldest}…{counted.Hottest} °C in the series, {rolled.Coldest}…{rolled.Hottest} in the rollup.");
        }
    }

    private static async Task<Dictionary<Key, Row>> CountSeriesAsync(MongoDatabase database)
    {
        var rows = new Dictionary<Key, Row>();
        var seen = new HashSet<Guid>();
        var series = database.GetCollection("sensor_data").FindEachAsync(BsonDocument.Empty, new FindOptions { BatchSize = 5_000 });
        await foreach (var document in series.ConfigureAwait(false))
        {
            var id = document.GetGuid("_id"u8);
            if (!seen.Add(id))
                throw new InvalidDataException($"Event {id} is in the series twice.");

            var meta = document.GetDocument("meta"u8);
            meta.TryGetString("zone"u8, out var zone);
            var kind = meta.GetString("type"u8);
            var value = kind switch
            {
                "alert" => document.GetString("severity"u8),
                "firmware_update" => document.GetString("update_to"u8),
                _ => null,
            };
            var device = meta.GetString("device"u8);
            var byEvent = new Key(HourOf(document.GetDateTime("timestamp"u8)), kind, zone, value, null);
            var byIngestion = new Key(HourOf(document.GetDateTime("ingested_at"u8)), "ingested", zone, null, null);
            Add(rows, byIngestion, default);
            Add(rows, byIngestion with { Device = device }, default);
            Add(rows, byEvent, document);
            Add(rows, byEvent with { Device = device }, document);
        }

        return rows;
    }

    private static void Add(Dictionary<Key, Row> rows, Key key, BsonDocument reading)
    {
        if (!rows.TryGetValue(key, out var row))
            rows.Add(key, row = new Row());

        row.Count++;
        if (!reading.TryGetDouble("temperature"u8, out var temperature))
            return;

        row.Temperature += temperature;
        row.Humidity += reading.GetDouble("humidity"u8);
        row.Hottest = Math.Max(row.Hottest, temperature);
        row.Coldest = Math.Min(row.Coldest, temperature);
    }

    private static async Task<Dictionary<Key, Row>> ReadRollupsAsync(MongoDatabase database)
    {
        var rows = new Dictionary<Key, Row>();
        foreach (var document in await database.GetCollection("rollups").FindAsync(BsonDocument.Empty).ConfigureAwait(false))
        {
            var id = document.GetDocument("_id"u8);
            id.TryGetString("z"u8, out var zone);
            id.TryGetString("v"u8, out var value);
            id.TryGetString("d"u8, out var device);
            var key = new Key(id.GetDateTime("t"u8), id.GetString("k"u8), zone, value, device);
            if (!rows.TryGetValue(key, out var row))
                rows.Add(key, row = new Row());

            row.Count += document.GetInt64("count"u8);
            if (!document.TryGetDocument("temperature"u8, out var temperature))
                continue;

            row.Temperature += temperature.GetDouble("sum"u8);
            row.Humidity += document.GetDocument("humidity"u8).GetDouble("sum"u8);
            row.Hottest = Math.Max(row.Hottest, temperature.GetDouble("max"u8));
            row.Coldest = Math.Min(row.Coldest, temperature.GetDouble("min"u8));
        }

        return rows;
    }

    private static DateTimeOffset HourOf(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static bool IsNear(double one, double other) => Math.Abs(one - other) <= Tolerance * Math.Max(1, Math.Abs(one));
}
