using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>What does not start leaves nothing behind.</summary>
public sealed class FailedStartTests
{
    private const string Refused = "no.such.setting";

    private readonly Seen _seen = new();

    [Fact]
    public async Task An_endpoint_that_cannot_start_leaves_none_before_it_running()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group, after) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup(), new Seen());
        await using var host = RiderHost.Create(
            rider =>
            {
                rider.AddConsumer<NoiseConsumer>();
                rider.UsingKafka((context, k) =>
                {
                    k.Host(kafka.BootstrapServers);
                    k.TopicEndpoint<Noise>(topic, group, endpoint => Configure(kafka, context, endpoint));
                    k.TopicEndpoint<Noise>(topic, kafka.NewGroup(), endpoint =>
                    {
                        Configure(kafka, context, endpoint);
                        endpoint.ConfigureClient = client => client.Set(Refused, "1");
                    });
                });
            },
            services => services.AddSingleton(_seen));

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => host.Bus.StartAsync());

        // One that still ran would have the topic's only partition.
        Assert.Contains(Refused, exception.ToString(), StringComparison.Ordinal);
        await using var other = await NoiseHost.StartAsync(kafka, topic, group, after);
        using var raw = new RawProducer(kafka);
        await raw.ProduceAsync(topic, NoiseHost.Json(1));
        await Eventually.TrueAsync(() => after.Messages.Count == 1, state: other.Log.ToString);
        Assert.Empty(_seen.Messages);
    }

    [Fact]
    public async Task An_endpoint_that_could_not_be_connected_can_be_connected_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, group) = (await kafka.CreateTopicAsync("noises"), kafka.NewGroup());
        await using var host = await StartAsync(kafka.BootstrapServers);
        var rider = host.Services.GetRequiredService<IKafkaRider>();

        Assert.ThrowsAny<Exception>(() => rider.ConnectTopicEndpoint<Noise>(topic, group, (context, endpoint) =>
        {
            Configure(kafka, context, endpoint);
            endpoint.ConfigureClient = client => client.Set(Refused, "1");
        }));
        var handle = rider.ConnectTopicEndpoint<Noise>(topic, group, (context, endpoint) => Configure(kafka, context, endpoint));

        await handle.Ready.WaitAsync(Eventually.DefaultDeadline);
    }

    [Fact]
    public async Task Who_waits_for_an_endpoint_that_is_stopped_before_it_joined_is_told()
    {
        await using var host = await StartAsync("127.0.0.1:1");
        var handle = host.Services.GetRequiredService<IKafkaRider>().ConnectTopicEndpoint<Noise>(
            "topic", "group", (context, endpoint) => endpoint.ConfigureConsumer<NoiseConsumer>(context));
        var ready = handle.Ready;

        await handle.StopAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ready.WaitAsync(Eventually.DefaultDeadline));
    }

    private static void Configure(KafkaServer kafka, IRiderRegistrationContext context, ITopicEndpointConfigurator<Noise> endpoint)
    {
        endpoint.SessionTimeout = TimeSpan.FromSeconds(kafka.IsReal ? 6 : 2);
        endpoint.ConfigureConsumer<NoiseConsumer>(context);
    }

    private Task<RiderHost> StartAsync(string servers) => RiderHost.StartAsync(
        rider =>
        {
            rider.AddConsumer<NoiseConsumer>();
            rider.UsingKafka((_, k) => k.Host(servers));
        },
        services => services.AddSingleton(_seen));
}
