using IotBus.Bus;
using IotBus.Kafka;
using IotBus.KafkaOutbox;
using IotBus.Persistence;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Events;
using IotBus.Processors.Rollouts;
using MassTransit;

namespace IotBus.Processors.Messaging;

/// <summary>The bus with the sagas, its inbox and outbox, and the rider with the topics.</summary>
internal static class MessagingRegistration
{
    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        var topics = builder.Configuration.GetSection(TopicOptions.Section).Get<TopicOptions>() ?? new TopicOptions();
        var instance = builder.Configuration[$"{ProcessingOptions.Section}:{nameof(ProcessingOptions.InstanceId)}"];
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddMongoDbOutbox(outbox =>
            {
                // A message of a saga has nobody who would send it again: it waits for the store for as long as it takes.
                outbox.RetryTimeLimit = TimeSpan.FromDays(7);
                outbox.UseBusOutbox();
                if (!string.IsNullOrEmpty(instance))
                    outbox.InstanceId = instance;
            });
            bus.AddKafkaOutbox();
            bus.AddMongoDbMessageScheduler();
            bus.AddRolloutSaga();
            bus.AddDecommissionSaga();
            bus.UsingConfiguredBus(builder.Configuration, (context, configured) =>
            {
                configured.UseMongoDbMessageScheduler(context);
                configured.RolloutEndpoint(context);
                configured.DecommissionEndpoint(context);
            });
            bus.AddRider(rider =>
            {
                rider.AddBatchConsumer<SensorEventConsumer>();
                rider.AddRolloutTopics(topics);
                rider.UsingKafka((context, kafka) =>
                {
                    var configuration = context.GetRequiredService<IConfiguration>();
                    kafka.Host(configuration["Kafka:BootstrapServers"] ?? throw new InvalidOperationException(
                        "Kafka:BootstrapServers is not set. Set it, or KAFKA_BOOTSTRAP_SERVERS, to the brokers: host:9092."));
                    var security = configuration.GetSection(KafkaSecurity.Section).Get<KafkaSecurity>() ?? new KafkaSecurity();
                    kafka.ConfigureClient(security.Apply);
                    kafka.SensorTopics(context);
                    kafka.RolloutTopics(context);
                });
            });
        });
    }
}
