using IotBus.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka.Tests;

/// <summary>The usual rider of these tests: a producer of readings, a recording consumer of them, or both.</summary>
internal static class ReadingsHost
{
    public static Task<RiderHost> ProducerAsync(KafkaServer kafka, string topic, Action<IKafkaFactoryConfigurator>? configure = null) =>
        RiderHost.StartAsync(rider =>
        {
            AddProducer(rider, topic);
            rider.UsingKafka((_, k) =>
            {
                k.Host(kafka.BootstrapServers);
                configure?.Invoke(k);
            });
        });

    public static Task<RiderHost> ConsumerAsync(
        KafkaServer kafka,
        string topic,
        string group,
        Recorder recorder,
        Action<ITopicEndpointConfigurator<Reading>>? configure = null,
        Action<IKafkaFactoryConfigurator>? configureRider = null) =>
        RiderHost.StartAsync(
            rider =>
            {
                AddProducer(rider, topic);
                rider.AddBatchConsumer<RecordingConsumer>();
                rider.UsingKafka((context, k) =>
                {
                    k.Host(kafka.BootstrapServers);
                    k.TopicEndpoint<Reading>(topic, group, endpoint =>
                    {
                        endpoint.MessageType<Warmth>("warmth");
                        endpoint.MessageType<Noise>("noise");
                        endpoint.UseJson(ReadingsJsonContext.Default);

                        // The shortest that a real broker takes by default; the embedded one waits for it at every rebalance.
                        endpoint.SessionTimeout = TimeSpan.FromSeconds(kafka.IsReal ? 6 : 2);
                        endpoint.ConfigureBatchConsumer<RecordingConsumer>(context);
                        configure?.Invoke(endpoint);
                    });
                    configureRider?.Invoke(k);
                });
            },
            services => services.AddSingleton(recorder));

    private static void AddProducer(IRiderRegistrationConfigurator rider, string topic) =>
        rider.AddProducer<string, Reading>(topic, (_, producer) =>
        {
            producer.MessageId(reading => reading.EventId);
            producer.UseJson(ReadingsJsonContext.Default);
        });
}
