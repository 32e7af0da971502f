using FluentValidation;
using IotBus.Kafka;
using IotBus.Messages;
using IotBus.Persistence;
using IotBus.Processors.Events;
using MassTransit;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Rollouts;

internal static class RolloutRegistration
{
    /// <summary>Adds firmware rollouts.</summary>
    public static void AddRollouts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<RolloutMetrics>();
        services.AddSingleton<RolloutDevices>();
        services.AddSingleton<RolloutPlans>();
        services.AddScoped<RolloutAdmission>();
        services.AddScoped<RolloutReports>();
        services.AddScoped<IDeviceCommands, KafkaDeviceCommands>();
        services.AddSingleton<IValidator<RolloutRequest>, RolloutRequestValidator>();
    }

    public static void AddRolloutSaga(this IRegistrationConfigurator bus) => bus.AddSagaStateMachine<RolloutMachine, Rollout>().MongoDbRepository();

    public static void RolloutEndpoint(this IBusFactoryConfigurator bus, IRegistrationContext context) =>
        bus.ReceiveEndpoint(RolloutAddress.QueueName, endpoint =>
        {
            endpoint.UseMongoDbOutbox(context);
            endpoint.ConfigureSaga<Rollout>(context);
        });

    /// <summary>Adds the consumption of the devices' events for rollouts, and what rollouts produce.</summary>
    public static void AddRolloutTopics(this IRiderRegistrationConfigurator rider, TopicOptions topics)
    {
        rider.AddBatchConsumer<RolloutEventConsumer>();
        rider.AddProducer<string, FirmwareUpdateRequested>(topics.Commands.Name, (_, producer) =>
        {
            producer.MessageId(command => command.CommandId);
            producer.UseJson(MessagesJsonContext.Default);
        });
        rider.AddProducer<string, AlertRaised>(topics.Alerts.Name, (_, producer) =>
        {
            producer.MessageId(alert => alert.EventId);
            producer.UseJson(MessagesJsonContext.Default);
        });
    }

    /// <summary>A group of its own: rollouts must not slow down the application of events, nor the other way round.</summary>
    public static void RolloutTopics(this IKafkaFactoryConfigurator kafka, IRiderRegistrationContext context)
    {
        var topics = context.GetRequiredService<IOptions<TopicOptions>>().Value;
        var processing = context.GetRequiredService<IOptions<ProcessingOptions>>().Value;
        kafka.TopicEndpoint<SensorEvent>([topics.Telemetry.Name, topics.Alerts.Name], processing.RolloutGroup, endpoint =>
        {
            endpoint.SetValueDeserializer(new RolloutEventDeserializer());
            endpoint.MaxBatchSize = processing.BatchSize;
            endpoint.PrefetchCount = processing.BatchSize * 3;
            endpoint.SessionTimeout = processing.SessionTimeout;
            endpoint.GroupInstanceId = processing.InstanceId is { } name ? $"{name}-rollouts" : null;

            // No event is ever put aside here: whatever fails is of the surroundings.
            endpoint.IsTransient = _ => true;
            endpoint.ConfigureBatchConsumer<RolloutEventConsumer>(context);
        });
    }
}
