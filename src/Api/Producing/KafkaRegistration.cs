using IotBus.Kafka;
using IotBus.Messages;
using IotBus.ServiceDefaults;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Api.Producing;

/// <summary>Connects the service to Kafka: the rider with a producer for each topic.</summary>
internal static class KafkaRegistration
{
    public static void AddKafka(this WebApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<ITopicAdministration>(services => new KafkaTopicAdministration(
            BootstrapServers(services), Security(services).Apply));
        builder.Services.AddSingleton<TopicCreation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TopicCreation>());
        builder.Services.AddHealthChecks().AddCheck<KafkaReadiness>("kafka", tags: [ServiceDefaultsExtensions.ReadyTag]);
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
                    kafka.Host(BootstrapServers(context));
                    kafka.ConfigureClient(Security(context).Apply);
                    var configuration = context.GetRequiredService<IConfiguration>();
                    kafka.ConfigureProducer(producer => configuration.GetSection("Kafka:Producer").Bind(producer));
                });
            });
        });
    }

    private static string BootstrapServers(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>()["Kafka:BootstrapServers"] ?? throw new InvalidOperationException(
            "Kafka:BootstrapServers is not set. Set it, or KAFKA_BOOTSTRAP_SERVERS, to the brokers: host:9092.");

    private static KafkaSecurity Security(IServiceProvider services) =>
        services.GetRequiredService<IConfiguration>().GetSection(KafkaSecurity.Section).Get<KafkaSecurity>() ?? new KafkaSecurity();

    private static void Configure<TEvent>(IKafkaProducerConfigurator<string, TEvent> producer)
        where TEvent : SensorEvent
    {
        // The event's own identifier: the same event sent again is the same message.
        producer.MessageId(sensorEvent => sensorEvent.EventId);
        producer.UseJson(MessagesJsonContext.Default);
    }
}
