using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>A rider on Kafka in memory whose endpoint records batches of readings.</summary>
internal static class InMemoryReadings
{
    public static Task<RiderHost> StartAsync(
        InMemoryKafka kafka, string topic, string group, Recorder recorder, Action<ITopicEndpointConfigurator<Reading>>? configure = null) =>
        RiderHost.StartAsync(
            rider =>
            {
                rider.AddBatchConsumer<RecordingConsumer>();
                rider.UsingKafka((context, k) => k.TopicEndpoint<Reading>(topic, group, endpoint =>
                {
                    endpoint.MessageType<Warmth>("warmth");
                    endpoint.MessageType<Noise>("noise");
                    endpoint.UseJson(ReadingsJsonContext.Default);
                    endpoint.ConfigureBatchConsumer<RecordingConsumer>(context);
                    configure?.Invoke(endpoint);
                }));
            },
            services => services.AddSingleton(recorder).AddInMemoryKafka(kafka));
}
