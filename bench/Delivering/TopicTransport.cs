using IotBus.Kafka;
using IotBus.Messages;
using IotBus.Persistence;
using MassTransit;

namespace IotBus.Bench.Delivering;

/// <summary>Delivers what is for the topic by the rider's producer; a message has arrived when the broker has acknowledged it.</summary>
internal sealed class TopicTransport(IServiceProvider services, DeliveryReport report) : IOutboxTransport
{
    public bool Accepts(Uri destination) => destination.AbsolutePath.EndsWith(Delivery.KafkaQueue, StringComparison.Ordinal);

    public async Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        await ProduceAsync(message.MessageId, cancellationToken);
        report.Arrived(OutboxProcess.NumberOf(message.MessageId));
    }

    public async Task ProduceAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var reading = new TelemetryRecorded
        {
            EventId = id,
            Timestamp = DateTimeOffset.UtcNow,
            DeviceId = "bench",
            ZoneId = "bench",
            Temperature = 20,
            Humidity = 50,
        };
        await scope.ServiceProvider.GetRequiredService<ITopicProducer<string, SensorEvent>>().Produce(reading.DeviceId, reading, cancellationToken);
    }
}
