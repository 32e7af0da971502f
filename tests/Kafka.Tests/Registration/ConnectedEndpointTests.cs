using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

public sealed class ConnectedEndpointTests
{
    [Fact]
    public async Task An_endpoint_that_is_connected_while_the_bus_runs_consumes_until_it_is_stopped()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (await kafka.CreateTopicAsync("readings"), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await using var host = await RiderHost.StartAsync(
            rider =>
            {
                rider.AddConsumer<NoiseConsumer>();
                rider.UsingKafka((_, k) => k.Host(kafka.BootstrapServers));
            },
            services => services.AddSingleton(seen));
        var riderOfBus = host.Services.GetRequiredService<IKafkaRider>();
        void Configure(IRiderRegistrationContext context, ITopicEndpointConfigurator<Noise> endpoint)
        {
            endpoint.SessionTimeout = TimeSpan.FromSeconds(kafka.IsReal ? 6 : 2);
            endpoint.ConfigureConsumer<NoiseConsumer>(context);
        }

        var handle = riderOfBus.ConnectTopicEndpoint<Noise>(topic, group, Configure);
        var again = Assert.Throws<ConfigurationException>(() => riderOfBus.ConnectTopicEndpoint<Noise>(topic, group, Configure));
        await handle.Ready.WaitAsync(Eventually.DefaultDeadline);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        await Eventually.TrueAsync(() => seen.Messages.Count == 1, state: host.Log.ToString);
        await handle.StopAsync();
        await raw.ProduceAsync(topic, NoiseHost.Json(2));

        Assert.Contains("is there already", again.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Groups.CommittedAsync(kafka, group, topic));
        riderOfBus.ConnectTopicEndpoint<Noise>(topic, group, Configure);
        await Eventually.TrueAsync(() => seen.Messages.Count == 2, state: host.Log.ToString);
    }

    [Fact]
    public async Task Missing_topics_are_made_at_the_start_with_their_dead_letter_topics()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, seen) = (kafka.NewTopic("readings"), kafka.NewGroup(), new Seen());
        ITopicAdministration administration =
            kafka.Embedded is { } embedded ? new EmbeddedTopicAdministration(embedded) : new KafkaTopicAdministration(kafka.BootstrapServers);
        using var disposable = (IDisposable)administration;
        await using var host = await NoiseHost.StartAsync(
            kafka,
            topic,
            group,
            seen,
            (_, endpoint) => endpoint.CreateIfMissing(options => options.NumPartitions = 3),
            services => services.AddSingleton(administration));
        using var raw = new RawProducer(kafka);
        await Eventually.TrueAsync(async () => await administration.DescribeAsync(topic + ".dlq") is { Partitions: 3 }, state: host.Log.ToString);

        await raw.ProduceAsync(topic, NoiseHost.Json(1), partition: 2);

        await Eventually.TrueAsync(() => seen.Messages.Count == 1, state: host.Log.ToString);
        Assert.Equal(3, (await administration.DescribeAsync(topic))!.Partitions);
    }

    [Fact]
    public async Task A_pattern_consumes_the_topics_that_match_it_and_leaves_dead_letters_alone()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var prefix = $"pattern{Guid.NewGuid():N}";
        var (one, other, group, seen) = (await kafka.CreateTopicAsync(prefix), await kafka.CreateTopicAsync(prefix), kafka.NewGroup(), new Seen());
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(one, NoiseHost.Json(1));
        await raw.ProduceAsync(other, "no JSON");
        await raw.ProduceAsync(other, NoiseHost.Json(2));

        await using var host = await NoiseHost.StartAsync(kafka, $"^{prefix}.*", group, seen);

        await Eventually.TrueAsync(
            async () => await Groups.CommittedAsync(kafka, group, one) == 1 && await Groups.CommittedAsync(kafka, group, other) == 2,
            state: host.Log.ToString);
        Assert.Equal([1, 2], seen.Messages.Select(message => message.Decibel).Order());
        Assert.Single(RawConsumer.Read(kafka, other + ".dlq", 1));
    }
}
