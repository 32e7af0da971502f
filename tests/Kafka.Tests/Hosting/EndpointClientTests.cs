using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>What an endpoint's configuration says to librdkafka.</summary>
public sealed class EndpointClientTests
{
    [Fact]
    public async Task What_MassTransits_users_set_is_what_librdkafka_gets()
    {
        var config = await ConfigureAsync(new ConsumerConfig { GroupId = "group" }, endpoint =>
        {
            endpoint.PartitionAssignmentStrategy = PartitionAssignmentStrategy.RoundRobin;
            endpoint.SessionTimeout = TimeSpan.FromSeconds(20);
            endpoint.HeartbeatInterval = TimeSpan.FromSeconds(4);
            endpoint.GroupProtocolType = "consumer";
            endpoint.CoordinatorQueryInterval = TimeSpan.FromMinutes(3);
            endpoint.QueuedMinMessages = 77;
            endpoint.QueuedMaxMessagesKbytes = 2048;
            endpoint.CheckCrcs = true;
            endpoint.UseIsolationLevel(IsolationLevel.ReadUncommitted);
            endpoint.ConfigureFetch(fetch =>
            {
                fetch.WaitMaxInterval = TimeSpan.FromMilliseconds(20);
                fetch.MaxPartitionBytes = 4096;
                fetch.MaxBytes = 8192;
                fetch.MinBytes = 2;
                fetch.ErrorBackoffInterval = TimeSpan.FromMilliseconds(30);
            });
        });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["partition.assignment.strategy"] = "roundrobin",
                ["session.timeout.ms"] = "20000",
                ["heartbeat.interval.ms"] = "4000",
                ["group.protocol.type"] = "consumer",
                ["coordinator.query.interval.ms"] = "180000",
                ["queued.min.messages"] = "77",
                ["queued.max.messages.kbytes"] = "2048",
                ["check.crcs"] = "True",
                ["isolation.level"] = "read_uncommitted",
                ["fetch.wait.max.ms"] = "20",
                ["max.partition.fetch.bytes"] = "4096",
                ["fetch.max.bytes"] = "8192",
                ["fetch.min.bytes"] = "2",
                ["fetch.error.backoff.ms"] = "30",
            }.OrderBy(setting => setting.Key),
            config.Where(setting => Said.Contains(setting.Key)).OrderBy(setting => setting.Key));
    }

    [Fact]
    public async Task What_nobody_says_keeps_what_the_rider_promises()
    {
        var config = await ConfigureAsync(new ConsumerConfig { GroupId = "group" }, _ => { });

        Assert.Equal(IsolationLevel.ReadCommitted, config.IsolationLevel);
        Assert.Equal(PartitionAssignmentStrategy.CooperativeSticky, config.PartitionAssignmentStrategy);
        Assert.Equal((false, true, 1000), (config.EnableAutoOffsetStore, config.EnableAutoCommit, config.AutoCommitIntervalMs));
    }

    [Fact]
    public async Task A_ConsumerConfig_goes_before_the_riders_defaults_and_the_configuration_before_it()
    {
        var given = new ConsumerConfig
        {
            GroupId = "group",
            GroupInstanceId = "member",
            AutoOffsetReset = AutoOffsetReset.Latest,
            AutoCommitIntervalMs = 300,
            SessionTimeoutMs = 9000,
            MaxPollIntervalMs = 90_000,
            FetchMinBytes = 5,
            QueuedMinMessages = 123,
            EnableAutoOffsetStore = false,
        };

        var config = await ConfigureAsync(given, endpoint =>
        {
            endpoint.SessionTimeout = TimeSpan.FromSeconds(8);
            endpoint.QueuedMinMessages = 456;
        });

        Assert.Equal(("group", "member"), (config.GroupId, config.GroupInstanceId));
        Assert.Equal((AutoOffsetReset.Latest, 300, 90_000), (config.AutoOffsetReset, config.AutoCommitIntervalMs, config.MaxPollIntervalMs));
        Assert.Equal((8000, 800, 5, 456), (config.SessionTimeoutMs, config.HeartbeatIntervalMs, config.FetchMinBytes, config.QueuedMinMessages));
        Assert.Equal(9000, given.SessionTimeoutMs);
    }

    [Fact]
    public void A_pattern_leaves_out_dead_letters_beside_what_else_is_left_out()
    {
        var endpoint = new TopicEndpointDefinition(["^orders.*"], "group");

        Assert.Equal(@"\.dlq$", ConsumerSettings.Of(new ClientConfig(), endpoint).TopicBlacklist);
        Assert.Equal(@"^internal,\.dlq$", ConsumerSettings.Of(new ClientConfig { TopicBlacklist = "^internal" }, endpoint).TopicBlacklist);
    }

    private static readonly HashSet<string> Said =
    [
        "partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms", "group.protocol.type", "coordinator.query.interval.ms",
        "queued.min.messages", "queued.max.messages.kbytes", "check.crcs", "isolation.level", "fetch.wait.max.ms", "max.partition.fetch.bytes",
        "fetch.max.bytes", "fetch.min.bytes", "fetch.error.backoff.ms",
    ];

    /// <summary>Builds a bus with the endpoint, without starting it.</summary>
    /// <returns>What its client is made with.</returns>
    private static async Task<ConsumerConfig> ConfigureAsync(ConsumerConfig given, Action<ITopicEndpointConfigurator> configure)
    {
        ConsumerConfig? made = null;
        await using var host = RiderHost.Create(
            rider =>
            {
                rider.AddConsumer<NoiseConsumer>();
                rider.UsingKafka((context, k) =>
                {
                    k.Host("127.0.0.1:1");
                    k.TopicEndpoint<Noise>("topic", given, endpoint =>
                    {
                        configure(endpoint);
                        endpoint.ConfigureClient = config => made = config;
                        endpoint.ConfigureConsumer<NoiseConsumer>(context);
                    });
                });
            },
            services => services.AddSingleton(new Seen()));
        _ = host.Bus;
        return made!;
    }
}
