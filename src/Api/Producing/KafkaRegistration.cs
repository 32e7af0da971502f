using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;

namespace IotBus.Api.Producing;

/// <summary>Connects the service to Kafka: the rider with a producer for each topic.</summary>
internal static class KafkaRegistration
{
    public static void AddKafka(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TopicOptions>().BindConfiguration(TopicOptions.Section);
        var topics = builder.Configuration.GetSection(TopicOptions.Section).Get<TopicOptions>() ?? new TopicOptions();
        builder.Services.AddMassTransit(bus =>
        {
            // Nothing is sent over the bus itself; the rider needs one to live on.
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddProducer<string, SensorEvent>(topics.Telemetry.Name, (_, producer) => Configure(producer));
                rider.AddProducer<string, AlertRaised>(topics.Alerts.Name, (_, producer) => Configure(producer));
                rider.UsingKafka((context, kafka) =>
                {
                    var configuration = context.GetRequiredService<IConfiguration>();
                    kafka.Host(configuration["Kafka:BootstrapServers"] ?? throw new InvalidOperationException(
                        "Kafka:BootstrapServers is not set, nor the environment variable KAFKA_BOOTSTRAP_SERVERS. An example: 127.0.0.1:9092"));
                    kafka.ConfigureProducer(producer => configuration.GetSection("Kafka:Producer").Bind(producer));
                });
            });
        });
    }

    private static void Configure<TEvent>(ITopicProducerConfigurator<string, TEvent> producer)
        where TEvent : SensorEvent
    {
        // The event's own identifier: the same event sent again is the same message.
        producer.MessageId(sensorEvent => sensorEvent.EventId);
        producer.UseJson(MessagesJsonContext.Default);
    }
}
