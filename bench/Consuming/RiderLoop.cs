using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Bench.Consuming;

/// <summary>The rider with the endpoint of the Processors, and a consumer that does nothing with its batches.</summary>
internal static class RiderLoop
{
    public const string Name = "rider";

    private const int BatchSize = 2_000;

    public static async Task RunAsync(string bootstrapServers, string topic, string group, ConsumingClock clock, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton(clock);
        services.PostConfigure<UsageTelemetryOptions>(usage => usage.Enabled = false);
        services.AddMassTransit(bus =>
        {
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider.AddBatchConsumer<EmptyBatchConsumer>();
                rider.UsingKafka((context, kafka) =>
                {
                    kafka.Host(bootstrapServers);
                    kafka.TopicEndpoint<SensorEvent>(topic, group, endpoint =>
                    {
                        endpoint.MessageType<DeviceBooted>(EventTypes.Boot);
                        endpoint.MessageType<TelemetryRecorded>(EventTypes.Telemetry);
                        endpoint.MessageType<FirmwareUpdateStarted>(EventTypes.FirmwareUpdate);
                        endpoint.MessageType<AlertRaised>(EventTypes.Alert);
                        endpoint.UseJson(MessagesJsonContext.Default);
                        endpoint.MaxBatchSize = BatchSize;
                        endpoint.PrefetchCount = BatchSize * 3;
                        endpoint.ConfigureBatchConsumer<EmptyBatchConsumer>(context);
                    });
                });
            });
        });
        await using var provider = services.BuildServiceProvider();
        var control = provider.GetRequiredService<IBusControl>();
        await control.StartAsync(cancellationToken);
        await clock.Done.WaitAsync(cancellationToken);
        await control.StopAsync(cancellationToken);
    }

    private sealed class EmptyBatchConsumer(ConsumingClock clock) : ITopicBatchConsumer<SensorEvent>
    {
        public Task Consume(TopicBatch<SensorEvent> batch, CancellationToken cancellationToken)
        {
            clock.Consumed(batch.Messages.Count);
            return Task.CompletedTask;
        }
    }
}
