using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>A rider on Kafka in memory whose endpoint consumes noises with <see cref="ScopedConsumer"/>s.</summary>
internal static class ScopedHost
{
    public static Task<RiderHost> StartAsync(
        InMemoryKafka kafka,
        Scopes scopes,
        Action<IRiderRegistrationContext, ITopicEndpointConfigurator<string, Noise>>? configure = null,
        Action<IServiceCollection>? services = null) =>
        RiderHost.StartAsync(
            rider =>
            {
                rider.AddConsumer<ScopedConsumer>();
                rider.UsingKafka((context, k) => k.TopicEndpoint<string, Noise>("noises", "group", endpoint =>
                {
                    endpoint.UseJson(ReadingsJsonContext.Default);
                    configure?.Invoke(context, endpoint);
                    endpoint.ConfigureConsumer<ScopedConsumer>(context);
                }));
            },
            collection =>
            {
                collection.AddInMemoryKafka(kafka);
                collection.AddSingleton(scopes);
                collection.AddScoped<ScopedService>();
                services?.Invoke(collection);
            });
}
