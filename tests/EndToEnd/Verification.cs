using Confluent.Kafka;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.EndToEnd;

/// <summary>What has to hold after all is said and done.</summary>
internal static class Verification
{
    /// <summary>Each event is in the series once, the rollups equal a recount of the series, and nothing is dead-lettered.</summary>
    public static async Task AssertExactlyOnceAsync(this Plant plant, Fleet fleet, TimeSpan deadline)
    {
        var expected = fleet.Sent.Count;
        await Eventually.TrueAsync(
            async () => await plant.StoredAsync() >= expected,
            deadline,
            () => $"{expected} events were sent. The Processors wrote:\n{plant.ProcessorsOutput}");

        // What is still to come could be a double.
        using var group = plant.GroupClient();
        await Eventually.TrueAsync(() => plant.IsReadToTheEnd(group), deadline, () => plant.ProcessorsOutput);

        var ids = new List<Guid>();
        var series = plant.Database.GetCollection("sensor_data").FindEachAsync(
            BsonDocument.Empty,
            new FindOptions { BatchSize = 5_000, Projection = Bson.Document(("_id", 1)) });
        await foreach (var document in series)
            ids.Add(document.GetGuid("_id"u8));

        Assert.Equal(fleet.Sent.Order(), ids.Order());
        await Recount.AssertRollupsMatchSeriesAsync(plant.Database);
        Assert.Empty(DeadLetters(plant));
        Assert.True(fleet.Acknowledged >= expected, $"{fleet.Acknowledged} lines were acknowledged for {expected} events.");
    }

    private static List<string> DeadLetters(Plant plant)
    {
        var settings = new ConsumerConfig { BootstrapServers = plant.Kafka.BootstrapServers, GroupId = "none" };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(settings).Build();
        var found = new List<string>();
        foreach (var (topic, partitions) in new[] { (plant.TelemetryTopic + ".dlq", 3), (plant.AlertsTopic + ".dlq", 2) })
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                var offsets = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(10));
                if (offsets.High.Value > 0)
                    found.Add($"{topic}[{partition}]: {offsets.High.Value}");
            }
        }

        return found;
    }
}
