using IotBus.Messages;
using IotBus.MongoDb;

namespace IotBus.Bench.Applying;

/// <summary>A rate is worth something only if the events are there, each once.</summary>
internal static class StoredEvents
{
    /// <exception cref="BenchException">The series, the inbox and the rollups do not all hold so many events.</exception>
    public static async Task RequireAsync(string mongoUri, string database, long count, CancellationToken cancellationToken)
    {
        await using var client = new MongoClient(new MongoClientOptions { Uri = mongoUri });
        var store = client.GetDatabase(database);
        var series = await store.GetCollection("sensor_data").CountAsync(BsonDocument.Empty, cancellationToken: cancellationToken);
        var inbox = await store.GetCollection("inbox").CountAsync(BsonDocument.Empty, cancellationToken: cancellationToken);
        var fleet = Bson.Document(("_id.k", EventTypes.Telemetry), ("_id.d", Bson.Document(("$exists", false))));
        var rollups = (await store.GetCollection("rollups").FindAsync(fleet, cancellationToken: cancellationToken)).Sum(row => row["count"].AsInt64());
        if (series != count || inbox != count || rollups != count)
            throw new BenchException($"{count} events were sent, but the series holds {series}, the inbox {inbox}, and the rollups count {rollups}.");
    }
}
