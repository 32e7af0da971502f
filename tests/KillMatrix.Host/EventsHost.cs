using IotBus.Kafka;
using IotBus.Processors.Decommissioning;
using IotBus.Processors.Events;
using IotBus.Processors.Store;
using MassTransit;

namespace IotBus.KillMatrix;

/// <summary>The Processors' batch consumer of sensor events, with all that it needs.</summary>
internal static class EventsHost
{
    public const string Scenario = "events";

    public static void AddEvents(this HostApplicationBuilder builder, HostSettings settings)
    {
        var services = builder.Services;
        services.Configure<TopicOptions>(topics => topics.Telemetry = new TopicSettings { Name = settings.Topic });
        services.Configure<TopicOptions>(topics => topics.Alerts = new TopicSettings { Name = settings.Notes });
        services.Configure<ProcessingOptions>(processing =>
        {
            processing.Group = settings.Group;
            processing.SessionTimeout = settings.SessionTimeout;
            processing.InsertTimeout = TimeSpan.FromMilliseconds(200);
        });
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DecommissionedDevices>();
        services.AddSingleton<ProcessingMetrics>();
        services.AddSingleton<SensorEventStore>();
        services.AddSingleton<StoreSetup>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreSetup>());
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddBatchConsumer<SensorEventConsumer>();
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(settings.Kafka);
                    kafka.SensorTopics(context);
                });
            });
        });
    }
}
