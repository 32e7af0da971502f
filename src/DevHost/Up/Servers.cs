using IotBus.DevMongo;
using IotBus.Kafka.Embedded;
using IotBus.Messages;

namespace IotBus.DevHost.Up;

/// <summary>The broker and the store: embedded ones, or real ones that the environment names.</summary>
internal sealed class Servers : IAsyncDisposable
{
    /// <summary>The group of the processors: whose commits free room in the embedded broker.</summary>
    public const string ConsumerGroup = "iotbus-processors";

    /// <summary>
    /// More than on a real broker: the embedded one keeps only so much of each partition, so that more of them give a longer breath when the processors stand
    /// still.
    /// </summary>
    private const int TelemetryPartitions = 12;

    private const int AlertPartitions = 4;

    private const int CommandPartitions = 4;

    private static readonly Task<string> Never = new TaskCompletionSource<string>().Task;

    private readonly EmbeddedKafka? _kafka;
    private readonly DevMongoServer? _mongo;

    private Servers(EmbeddedKafka? kafka, string kafkaBootstrapServers, DevMongoServer? mongo, string mongoDbUri)
    {
        (_kafka, KafkaBootstrapServers) = (kafka, kafkaBootstrapServers);
        (_mongo, MongoDbUri) = (mongo, mongoDbUri);
        Backlog = kafka is null ? null : new BacklogGuard(kafka, ConsumerGroup);
    }

    /// <summary>Keeps the Api from filling the embedded broker faster than the processors empty it; a real one keeps everything for its retention.</summary>
    public BacklogGuard? Backlog { get; }

    /// <summary>Completes when the stand-in has ended, with what it wrote to standard error last; a real store's end is not seen here.</summary>
    public Task<string> StoreStopped => _mongo is null ? Never : ErrorsAsync(_mongo);

    public string KafkaBootstrapServers { get; }

    public bool KafkaIsEmbedded => _kafka is not null;

    public string MongoDbUri { get; }

    public bool MongoDbIsEmbedded => _mongo is not null;

    /// <summary>The address without the user and the password that may stand in it.</summary>
    public string MongoDbShown
    {
        get
        {
            var user = MongoDbUri.IndexOf("://", StringComparison.Ordinal) + 3;
            var at = MongoDbUri.LastIndexOf('@');
            return at < user ? MongoDbUri : string.Concat(MongoDbUri.AsSpan(0, user), "***", MongoDbUri.AsSpan(at));
        }
    }

    /// <param name="kafkaBootstrapServers">A real cluster; null or empty for an embedded one.</param>
    /// <param name="mongoDbUri">A real replica set; null or empty for the stand-in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DevMongoException">The stand-in does not start; the message says what to do.</exception>
    public static async Task<Servers> StartAsync(string? kafkaBootstrapServers, string? mongoDbUri, CancellationToken cancellationToken)
    {
        var mongo = string.IsNullOrEmpty(mongoDbUri) ? await DevMongoServer.StartAsync(0, cancellationToken) : null;
        try
        {
            var kafka = string.IsNullOrEmpty(kafkaBootstrapServers) ? StartKafka() : null;
            return new Servers(kafka, kafka?.BootstrapServers ?? kafkaBootstrapServers!, mongo, mongo?.Uri ?? mongoDbUri!);
        }
        catch when (mongo is not null)
        {
            await mongo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_mongo is not null)
            await _mongo.DisposeAsync();
        if (Backlog is not null)
            await Backlog.DisposeAsync();
        if (_kafka is not null)
            await _kafka.DisposeAsync();
    }

    private static async Task<string> ErrorsAsync(DevMongoServer mongo)
    {
        await mongo.Stopped;
        return mongo.Errors;
    }

    private static EmbeddedKafka StartKafka()
    {
        var kafka = new EmbeddedKafka();
        foreach (var (topic, partitions) in ((string, int)[])[(Topics.Telemetry, TelemetryPartitions), (Topics.Alerts, AlertPartitions)])
        {
            kafka.CreateTopic(topic, partitions);
            kafka.CreateTopic(Topics.DeadLetter(topic), partitions);
        }

        kafka.CreateTopic(Topics.DeviceCommands, CommandPartitions);

        return kafka;
    }
}
