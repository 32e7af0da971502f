using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class InMemoryKafkaTests
{
    [Fact]
    public async Task The_wait_goes_on_while_consumers_produce_what_others_consume()
    {
        var kafka = new InMemoryKafka(options => options.PartitionsPerTopic = 3);
        await using var host = await HarnessHost.StartAsync(
            kafka,
            rider =>
            {
                rider.AddConsumer<CountDown>();
                rider.AddProducer<string, Count>("counts");
            },
            configure: (context, k) => k.TopicEndpoint<string, Count>("counts", "group", endpoint => endpoint.ConfigureConsumer<CountDown>(context)));

        await host.Get<ITopicProducer<string, Count>>().Produce("20", new Count(20));
        await kafka.WhenConsumedAsync();

        Assert.Equal(Enumerable.Range(0, 21).Reverse(), kafka.Topic("counts").Records.Select(record => record.Json<Count>()!.Left));
    }

    [Fact]
    public async Task The_wait_ends_when_it_is_cancelled_and_without_consumers_at_once()
    {
        var kafka = new InMemoryKafka();
        kafka.Topic("unread").AppendText(null, "value");
        await kafka.WhenConsumedAsync(TimeSpan.FromSeconds(1));

        var never = new Seen { OnMessage = context => Task.Delay(Timeout.Infinite, context.CancellationToken) };
        await using var host = await NoiseHost.StartAsync(
            kafka, "noises", "group", never, (_, endpoint) => endpoint.ShutdownTimeout = TimeSpan.FromMilliseconds(10));
        kafka.Topic("noises").AppendText(null, NoiseHost.Json(1));
        using var cancellation = new CancellationTokenSource();
        var wait = kafka.WhenConsumedAsync(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public void Topics_and_options_out_of_their_range_are_refused_with_the_range()
    {
        var kafka = new InMemoryKafka();

        Assert.Contains("'not a topic' is no topic name", Assert.Throws<ArgumentException>(() => kafka.Topic("not a topic")).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 1,000 partitions", Assert.Throws<ArgumentOutOfRangeException>(() => kafka.Topic("topic", 1001)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "'topic' has 1 partitions",
            Assert.Throws<ArgumentOutOfRangeException>(() => kafka.Topic("topic").Append(null, null, partition: 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "PartitionsPerTopic is 0",
            Assert.Throws<ArgumentException>(() => new InMemoryKafka(options => options.PartitionsPerTopic = 0)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Timeout is 00:00:00",
            Assert.Throws<ArgumentException>(() => new InMemoryKafka(options => options.Timeout = TimeSpan.Zero)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_stands_for_the_applications_administration_and_health_of_Kafka()
    {
        var kafka = new InMemoryKafka();
        await using var host = await RiderHost.StartAsync(
            rider => rider.UsingKafka((_, k) => k.Host("no-broker:1")),
            services => services
                .AddSingleton<ITopicAdministration>(_ => new KafkaTopicAdministration("no-broker:1"))
                .AddInMemoryKafka(kafka));

        var administration = host.Services.GetRequiredService<ITopicAdministration>();
        var made = await administration.CreateIfMissingAsync(new TopicDefinition("topic", 3));
        await host.Services.GetRequiredService<IKafkaHealth>().CheckAsync();

        Assert.Same(kafka, host.Services.GetRequiredService<InMemoryKafka>());
        Assert.Equal(made, await administration.DescribeAsync("topic"));
        Assert.Equal(("topic", 3), (made.Name, made.Partitions));
        Assert.Null(await administration.DescribeAsync("other"));
    }

    [Fact]
    public async Task What_is_wrong_but_of_no_connection_fails_as_in_production()
    {
        var mistake = await Assert.ThrowsAnyAsync<Exception>(() => RiderHost.StartAsync(
            rider => rider.UsingKafka((_, k) => k.TopicEndpoint<Noise>("noises", "group", _ => { })),
            services => services.AddInMemoryKafka()));

        Assert.Contains("call ConfigureConsumer<TConsumer>(context)", mistake.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_buses_share_its_topics()
    {
        var (kafka, seen) = (new InMemoryKafka(), new Seen());
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(seen);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<Noise>("noises");
                rider.UsingKafka((_, _) => { });
            });
        });
        services.AddMassTransit<IOtherBus>(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddConsumer<NoiseConsumer>();
                rider.UsingKafka((context, k) => k.TopicEndpoint<Noise>("noises", "group", endpoint => endpoint.ConfigureConsumer<NoiseConsumer>(context)));
            });
        });
        services.AddInMemoryKafka(kafka);
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var depot = provider.GetRequiredService<IBusDepot>();
        await depot.Start(CancellationToken.None);
        await using var scope = provider.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<ITopicProducer<Noise>>().Produce(new Noise { EventId = Guid.NewGuid(), Device = "d", Decibel = 7 });
        await kafka.WhenConsumedAsync();
        await depot.Stop(CancellationToken.None);

        Assert.Equal([7], seen.Messages.Select(message => message.Decibel));
    }

    public interface IOtherBus : IBus;

    public sealed record Count(int Left);

    private sealed class CountDown(ITopicProducer<string, Count> counts) : IConsumer<Count>
    {
        public Task Consume(ConsumeContext<Count> context) => context.Message.Left == 0
            ? Task.CompletedTask
            : counts.Produce($"{context.Message.Left - 1}", new Count(context.Message.Left - 1));
    }
}
