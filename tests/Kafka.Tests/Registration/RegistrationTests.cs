using Confluent.Kafka;
using IotBus.Testing;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class RegistrationTests
{
    private const string Nowhere = "127.0.0.1:1";

    public static TheoryData<string, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>> Mistakes => new()
    {
        { "Host is not set: call Host(\"host:port\")", (_, _) => { } },
        { "DeliveryTimeout", (_, k) => { k.Host(Nowhere); k.ConfigureProducer(producer => producer.DeliveryTimeout = TimeSpan.Zero); } },
        { "call ConfigureBatchConsumer<TConsumer>(context)", Endpoint((_, _) => { }) },
        { "'bad topic', which is no topic name", (_, k) => { k.Host(Nowhere); k.TopicEndpoint<Reading>("bad topic", "group", _ => { }); } },
        { "name the consumer group", (_, k) => { k.Host(Nowhere); k.TopicEndpoint<Reading>("topic", " ", _ => { }); } },
        { "name the consumer group", (_, k) => { k.Host(Nowhere); k.TopicEndpoint<Reading>("topic", new ConsumerConfig(), _ => { }); } },
        { "Reading is abstract: call MessageType<TMessage>", Endpoint((context, e) => e.ConfigureBatchConsumer<RecordingConsumer>(context)) },
        { "PrefetchCount is 10: set it between MaxBatchSize, 1000", Endpoint((_, e) => e.PrefetchCount = 10) },
        { "'same' stands for Warmth and Noise", Endpoint((_, e) => { e.MessageType<Warmth>("same"); e.MessageType<Noise>("same"); }) },
        { "ReadingsJsonContext does not know", Endpoint((_, e) => { e.UseJson(ReadingsJsonContext.Default); e.MessageType<Smell>("smell"); }) },
        { "name another topic than those the endpoint consumes", Endpoint((_, e) => e.DeadLetterTopic = topic => topic) },
        { "is 'ordersx.dead' for 'ordersx', which a pattern", Pattern(e => e.DeadLetterTopic = topic => topic + ".dead") },
        { "or leave it out by TopicBlacklist in ConfigureClient", Pattern(e => e.ConfigureClient = config => config.TopicBlacklist = "^internal") },
        { "has a pattern that is no regular expression", (_, k) => { k.Host(Nowhere); k.TopicEndpoint<Reading>("^orders[", "group", _ => { }); } },
        { "remove EnableDeliveryReports", (_, k) => { k.Host(Nowhere); k.ConfigureProducer(producer => producer.Configure = config => config.EnableDeliveryReports = false); } },
        { "has a MessageTimeout of 0", (_, k) => { k.Host(Nowhere); k.ConfigureProducer(producer => producer.Configure = config => config.MessageTimeoutMs = 0); } },
        { "for dead letters and all producers", (_, k) => { k.Host(Nowhere); k.ConfigureProducer(producer => producer.Configure = config => config.EnableIdempotence = false); } },
        { "EnableAutoOffsetStore is on", Endpoint((_, e) => e.ConfigureClient = config => config.EnableAutoOffsetStore = true) },
        { "EnableAutoCommit is off", Endpoint((_, e) => e.ConfigureClient = config => config.EnableAutoCommit = false) },
        { "HeartbeatInterval is 45000 ms", Endpoint((_, e) => e.HeartbeatInterval = TimeSpan.FromSeconds(45)) },
        { "set SessionTimeout instead", Endpoint((_, e) => e.ConfigureClient = config => config.SessionTimeoutMs = 9000) },
        { "set TopicEndpoint's group instead", Endpoint((_, e) => e.ConfigureClient = config => config.GroupId = "another") },
        { "StatisticsIntervalMs is 0", Endpoint((_, e) => e.ConfigureClient = config => config.StatisticsIntervalMs = 0) },
        { "set NumPartitions to 1 or more", Endpoint((_, e) => e.CreateIfMissing(options => options.NumPartitions = 0)) },
        { "says a ReplicationFactor of 0", Endpoint((_, e) => e.CreateIfMissing(options => options.ReplicationFactor = 0)) },
        { "Offset is -7", Endpoint((_, e) => e.Offset = -7) },
        { "EnableAutoCommit is off", (_, k) => { k.Host(Nowhere); k.TopicEndpoint<Reading>("topic", new ConsumerConfig { GroupId = "g", EnableAutoCommit = false }, _ => { }); } },
        { "is configured twice", (context, k) => { Endpoint((_, _) => { })(context, k); k.TopicEndpoint<Reading>("topic", "group", _ => { }); } },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_fails_at_the_start_with_what_to_change(string told, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => RiderHost.StartAsync(
            rider =>
            {
                rider.AddBatchConsumer<RecordingConsumer>();
                rider.UsingKafka(configure);
            },
            services => services.AddSingleton(new Recorder())));

        Assert.Contains(told, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_that_is_not_registered_is_named()
    {
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => RiderHost.StartAsync(rider =>
            rider.UsingKafka(Endpoint((context, e) => e.ConfigureBatchConsumer<RecordingConsumer>(context)))));

        Assert.Contains("call AddBatchConsumer<RecordingConsumer>()", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_pair_of_types_has_one_topic()
    {
        var exception = Assert.Throws<ConfigurationException>(() => RiderHost.Create(rider =>
        {
            rider.AddProducer<string, Warmth>("one");
            rider.AddProducer<string, Warmth>("another");
        }));

        Assert.Contains("ITopicProducer<String, Warmth> is registered for 'one'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_librdkafka_refuses_fails_at_the_start()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => RiderHost.StartAsync(rider =>
            rider.UsingKafka((_, k) =>
            {
                k.Host(Nowhere);
                k.ConfigureClient(client => client.Set("no.such.setting", "1"));
            })));

        Assert.Contains("no.such.setting", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MassTransits_test_harness_works_around_the_rider()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, recorder) = (await kafka.CreateTopicAsync("readings"), new Recorder());
        await using var provider = new ServiceCollection()
            .AddSingleton(recorder)
            .AddMassTransitTestHarness(bus =>
            {
                bus.AddHandler((ConsumeContext<Noise> _) => Task.CompletedTask);
                bus.AddRider(rider =>
                {
                    rider.AddBatchConsumer<RecordingConsumer>();
                    rider.AddProducer<Guid, Warmth>(topic);
                    rider.UsingKafka((context, k) =>
                    {
                        k.Host(kafka.BootstrapServers);
                        k.TopicEndpoint<Reading>(topic, kafka.NewGroup(), endpoint =>
                        {
                            endpoint.MessageType<Warmth>();
                            endpoint.ConfigureBatchConsumer<RecordingConsumer>(context);
                        });
                    });
                });
            })
            .BuildServiceProvider(validateScopes: true);
        var harness = provider.GetRequiredService<ITestHarness>();
        await harness.Start();

        await harness.Scope.ServiceProvider.GetRequiredService<ITopicProducer<Guid, Warmth>>().Produce(Guid.NewGuid(), Some.Warmth());
        await harness.Bus.Publish(new Noise { EventId = Guid.NewGuid(), Device = "d", Decibel = 3 });

        Assert.True(await harness.Consumed.Any<Noise>());
        await Eventually.TrueAsync(() => recorder.Count == 1);
        await harness.Stop();
    }

    private static Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> Endpoint(Action<IRiderRegistrationContext, ITopicEndpointConfigurator<Reading>> configure) =>
        (context, k) =>
        {
            k.Host(Nowhere);
            k.TopicEndpoint<Reading>("topic", "group", endpoint => configure(context, endpoint));
        };

    private static Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> Pattern(Action<ITopicEndpointConfigurator<Reading>> configure) => (_, k) =>
    {
        k.Host(Nowhere);
        k.TopicEndpoint("^orders.*", "group", configure);
    };

    private sealed record Smell : Reading
    {
        public override string Type => "smell";
    }
}
