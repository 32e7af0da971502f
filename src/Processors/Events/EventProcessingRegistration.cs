using IotBus.Kafka;
using IotBus.Messages;
using IotBus.ServiceDefaults;
using MassTransit;
using Microsoft.Extensions.Options;

namespace IotBus.Processors.Events;

internal static class EventProcessingRegistration
{
    /// <summary>Adds the consumption of the sensors' topics.</summary>
    public static void AddEventProcessing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<TopicOptions>().BindConfiguration(TopicOptions.Section);
        services.AddOptions<ProcessingOptions>().BindConfiguration(ProcessingOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProcessingOptions>, ProcessingOptionsValidator>();
        services.AddSingleton<ProcessingMetrics>();
        services.AddSingleton<SensorEventStore>();
        services.AddHealthChecks().AddCheck<KafkaReadiness>("kafka", tags: [ServiceDefaultsExtensions.ReadyTag]);
    }

    /// <summary>The application of events.</summary>
    public static void SensorTopics(this IKafkaFactoryConfigurator kafka, IRiderRegistrationContext context)
    {
        var topics = context.GetRequiredService<IOptions<TopicOptions>>().Value;
        var processing = context.GetRequiredService<IOptions<ProcessingOptions>>().Value;
        kafka.TopicEndpoint<SensorEvent>([topics.Telemetry.Name, topics.Alerts.Name], processing.Group, endpoint =>
        {
            endpoint.MessageType<DeviceBooted>(EventTypes.Boot);
            endpoint.MessageType<TelemetryRecorded>(EventTypes.Telemetry);
            endpoint.MessageType<FirmwareUpdateStarted>(EventTypes.FirmwareUpdate);
            endpoint.MessageType<AlertRaised>(EventTypes.Alert);
            endpoint.UseJson(MessagesJsonContext.Default);
            endpoint.MaxBatchSize = processing.BatchSize;
            endpoint.PrefetchCount = processing.BatchSize * 3;
            endpoint.SessionTimeout = processing.SessionTimeout;
            endpoint.GroupInstanceId = processing.InstanceId;

            // What breaks a rule of the domain the store puts aside itself. Whatever else fails is no event's fault: the partition waits.
            endpoint.IsTransient = _ => true;
            endpoint.ConfigureBatchConsumer<SensorEventConsumer>(context);
        });
    }
}
