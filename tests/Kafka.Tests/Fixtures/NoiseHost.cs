using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>A rider whose endpoint consumes noises one by one.</summary>
internal static class NoiseHost
{
    public static Task<RiderHost> StartAsync(
        KafkaServer kafka,
        string topic,
        string group,
        Seen seen,
        Action<IRiderRegistrationContext, ITopicEndpointConfigurator<string, Reading>>? configure = null,
        Action<IServiceCollection>? services = null) =>
        StartAsync(kafka.BootstrapServers, TimeSpan.FromSeconds(kafka.IsReal ? 6 : 2), topic, group, seen, configure, services);

    public static Task<RiderHost> StartAsync(
        InMemoryKafka kafka,
        string topic,
        string group,
        Seen seen,
        Action<IRiderRegistrationContext, ITopicEndpointConfigurator<string, Reading>>? configure = null,
        Action<IServiceCollection>? services = null) =>
        StartAsync("no-broker:1", TimeSpan.FromSeconds(45), topic, group, seen, configure, collection =>
        {
            collection.AddInMemoryKafka(kafka);
            services?.Invoke(collection);
        });

    private static Task<RiderHost> StartAsync(
        string servers,
        TimeSpan sessionTimeout,
        string topic,
        string group,
        Seen seen,
        Action<IRiderRegistrationContext, ITopicEndpointConfigurator<string, Reading>>? configure,
        Action<IServiceCollection>? services) =>
        RiderHost.StartAsync(
            rider =>
            {
                rider.AddConsumer<NoiseConsumer>();
                rider.UsingKafka((context, k) =>
                {
                    k.Host(servers);
                    k.TopicEndpoint<string, Reading>(topic, group, endpoint =>
                    {
                        endpoint.MessageType<Warmth>("warmth");
                        endpoint.MessageType<Noise>("noise");
                        endpoint.UseJson(ReadingsJsonContext.Default);
                        endpoint.SessionTimeout = sessionTimeout;
                        configure?.Invoke(context, endpoint);
                        endpoint.ConfigureConsumer<NoiseConsumer>(context);
                    });
                });
            },
            collection =>
            {
                collection.AddSingleton(seen);
                services?.Invoke(collection);
            });

    /// <summary>A noise as it stands on a topic.</summary>
    public static string Json(int decibel, Guid? id = null) =>
        $$"""{"type":"noise","id":"{{id ?? Guid.NewGuid()}}","device":"d","decibel":{{decibel}}}""";
}
