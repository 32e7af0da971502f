using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using IotBus.Bench.Processes;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.MongoDb;

namespace IotBus.Bench.Applying;

/// <summary>
/// What teams write themselves, as the system that this one replaces had it: one thread, one message, one insert, the next message. Nothing guards against
/// a message that comes twice, and nothing is aggregated.
/// </summary>
internal static class OneByOnePipeline
{
    public const string Role = "one-by-one-pipeline";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    /// <summary>Runs it in a process of its own.</summary>
    public static async Task<OneByOneResult> MeasureAsync(string bootstrapServers, string mongoUri, string topic, CancellationToken cancellationToken)
    {
        await using var process = ChildProcess.StartRole(Role, bootstrapServers, mongoUri, topic);
        return JsonSerializer.Deserialize(await process.ReadToEndAsync(cancellationToken), OneByOneJsonContext.Default.OneByOneResult)!;
    }

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        Librdkafka.EnsureLoaded();
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = args[0],
            GroupId = $"bench-one-by-one-{Guid.NewGuid():N}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        await using var client = new MongoClient(new MongoClientOptions { Uri = args[1] });
        var readings = client.GetDatabase("bench_one_by_one").GetCollection("readings");
        consumer.Subscribe(args[2]);

        await InsertForAsync(WarmUp, consumer, readings, cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        var inserted = await InsertForAsync(Duration, consumer, readings, cancellationToken);
        var result = new OneByOneResult(
            inserted, Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        consumer.Close();
        await readings.DeleteManyAsync(BsonDocument.Empty, cancellationToken: cancellationToken);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, OneByOneJsonContext.Default.OneByOneResult));
        return 0;
    }

    private static async Task<int> InsertForAsync(
        TimeSpan duration, IConsumer<byte[], byte[]> consumer, MongoCollection readings, CancellationToken cancellationToken)
    {
        // The clock starts with the first message, so that joining the group is not in it.
        long? started = null;
        for (var inserted = 0; ; inserted++)
        {
            var result = consumer.Consume(cancellationToken);
            started ??= Stopwatch.GetTimestamp();
            var reading = JsonSerializer.Deserialize(result.Message.Value, MessagesJsonContext.Default.TelemetryRecorded)!;
            await readings.InsertOneAsync(Document(reading), cancellationToken: cancellationToken);
            if (Stopwatch.GetElapsedTime(started.Value) >= duration)
                return inserted;
        }
    }

    // Not the event's identifier: such a pipeline lets the database make one.
    private static BsonDocument Document(TelemetryRecorded reading) => Bson.Document(
        ("_id", Guid.NewGuid()),
        ("event_id", reading.EventId),
        ("timestamp", reading.Timestamp),
        ("device_id", reading.DeviceId),
        ("zone_id", reading.ZoneId),
        ("temperature", reading.Temperature),
        ("humidity", reading.Humidity));
}

/// <summary>What one run inserted.</summary>
internal sealed record OneByOneResult(int Inserted, double Seconds, double CpuSeconds)
{
    [JsonIgnore]
    public double PerSecond => Inserted / Seconds;

    [JsonIgnore]
    public double CpuMicrosecondsEach => CpuSeconds * 1e6 / Inserted;
}

[JsonSerializable(typeof(OneByOneResult))]
internal sealed partial class OneByOneJsonContext : JsonSerializerContext;
