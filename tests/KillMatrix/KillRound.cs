using System.Text;
using Confluent.Kafka;
using IotBus.MongoDb;
using IotBus.Testing;

namespace IotBus.KillMatrix;

/// <summary>
/// One round of a scenario, with topics, a group and a database of its own: for each step a host is started and given work until it dies there; each
/// mends what the one before has left, and may die of that already. The last one lives, and brings all to its end.
/// </summary>
internal sealed class KillRound : IAsyncDisposable
{
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromMinutes(1);

    private readonly Servers _servers;
    private readonly string _scenario;
    private readonly string _group;
    private readonly IProducer<string, byte[]> _producer;
    private int _kills;

    private KillRound(Servers servers, string scenario, string topic, string notes)
    {
        _servers = servers;
        _scenario = scenario;
        _group = servers.Kafka.NewGroup(scenario);
        Topic = topic;
        Notes = notes;
        Database = servers.NewDatabase();
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = servers.Kafka.BootstrapServers, LingerMs = 0 }).Build();
    }

    /// <summary>As short as the broker takes it: a real one, as it comes, nothing below 6 s.</summary>
    private TimeSpan SessionTimeout => TimeSpan.FromSeconds(_servers.Kafka.IsReal ? 6 : 2);

    public MongoDatabase Database { get; }

    public string Topic { get; }

    public string Notes { get; }

    public int Kills => _kills;

    public static async Task<KillRound> CreateAsync(Servers servers, string scenario) => new(
        servers, scenario, await servers.Kafka.CreateTopicAsync(scenario), await servers.Kafka.CreateTopicAsync($"{scenario}-notes"));

    /// <summary>Gives the host a message to consume.</summary>
    public Task ProduceAsync(string key, byte[] value, Guid messageId) => _producer.ProduceAsync(Topic, new Message<string, byte[]>
    {
        Key = key,
        Value = value,
        Headers = [new Header("MessageId", Encoding.UTF8.GetBytes(messageId.ToString()))],
    });

    /// <summary>Kills a host at each step.</summary>
    /// <param name="steps">The steps, each of which must be reached.</param>
    /// <param name="work">Gives the host that is to die work, so that it comes to its step.</param>
    /// <param name="isDone">Whether the last host has done all that was given, and nothing is left to be done.</param>
    public async Task RunAsync(IReadOnlyList<string> steps, Func<Task> work, Func<Task<bool>> isDone)
    {
        foreach (var step in steps)
        {
            await using var host = Start(step);
            await work();
            await host.DiedAsync(step);
            _kills++;
        }

        await using var last = Start("");
        await Eventually.TrueAsync(
            async () =>
            {
                last.AssertRuns();
                return IsConsumed() && await isDone();
            },
            HostProcess.Patience,
            () => last.Output);
    }

    /// <summary>The messages that stand on the topic of notes.</summary>
    public List<ConsumeResult<string, byte[]>> ReadNotes()
    {
        using var consumer = NewClient(eof: true);
        consumer.Assign(new TopicPartitionOffset(Notes, 0, Offset.Beginning));
        List<ConsumeResult<string, byte[]>> notes = [];
        using var patience = new CancellationTokenSource(HostProcess.Patience);
        while (consumer.Consume(patience.Token) is { IsPartitionEOF: false } note)
            notes.Add(note);

        return notes;
    }

    public Task<IReadOnlyList<BsonDocument>> AllAsync(string collection) => Database.GetCollection(collection).FindAsync(BsonDocument.Empty);

    /// <summary>What the rows of a collection say that they are of, in no order: the same as often as there are rows of it.</summary>
    public async Task<IEnumerable<string>> OfAsync(string collection) => (await AllAsync(collection)).Select(row => row.GetString("of")).Order(StringComparer.Ordinal);

    public ValueTask DisposeAsync()
    {
        _producer.Dispose();
        return ValueTask.CompletedTask;
    }

    private HostProcess Start(string step) => HostProcess.Start(
        ("Scenario", _scenario),
        ("Step", step),
        ("Kafka", _servers.Kafka.BootstrapServers),
        ("MongoDb", _servers.MongoDb),
        ("Database", Database.Name),
        ("Topic", Topic),
        ("Notes", Notes),
        ("Group", _group),
        ("SessionTimeout", SessionTimeout.ToString()));

    /// <summary>Whether the group has committed the end of the topic.</summary>
    private bool IsConsumed()
    {
        using var client = NewClient(eof: false);
        var partition = new TopicPartition(Topic, 0);
        return client.Committed([partition], BrokerPatience)[0].Offset == client.QueryWatermarkOffsets(partition, BrokerPatience).High;
    }

    private IConsumer<string, byte[]> NewClient(bool eof) => new ConsumerBuilder<string, byte[]>(new ConsumerConfig
    {
        BootstrapServers = _servers.Kafka.BootstrapServers,
        GroupId = _group,
        EnableAutoCommit = false,
        EnablePartitionEof = eof,
    }).Build();
}
