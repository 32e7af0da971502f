using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;

namespace IotBus.Bench.Consuming;

/// <summary>The rider with the endpoint of the Processors, and a consumer that does nothing with its batches.</summary>
internal static class RiderLoop
{
    public const string Name = "rider";

    private const int BatchSize = 2_000;

    public static Task RunAsync(string bootstrapServers, string topic, string group, ConsumingClock clock, CancellationToken cancellationToken) =>
        RiderBus.RunAsync(
            clock,
            rider =>
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
            },
            cancellationToken);

    private sealed class EmptyBatchConsumer(ConsumingClock clock) : ITopicBatchConsumer<SensorEvent>
    {
        public Task Consume(TopicBatch<SensorEvent> batch, CancellationToken cancellationToken)
        {
            clock.Consumed(batch.Messages.Count);
            return Task.CompletedTask;
        }
    }
}
