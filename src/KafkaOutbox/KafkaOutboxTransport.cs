using IotBus.Kafka;
using IotBus.Persistence;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox;

/// <summary>Delivers what the outbox holds for topics, many messages at once: the rider keeps the order of calls. Thread-safe.</summary>
internal sealed class KafkaOutboxTransport(IServiceProvider services) : IOutboxBulkTransport
{
    private IKafkaRider? _rider;

    // Resolved late: the rider needs the bus, which needs the outbox.
    private IKafkaRider Rider => _rider ??= services.GetService<IKafkaRider>() ?? throw new ConfigurationException(
        "AddKafkaOutbox: this bus has no Kafka rider. Call AddRider(r => r.UsingKafka(…)) beside it.");

    public bool Accepts(Uri destination) => Rider.IsTopic(destination);

    public Task SendAsync(OutboxMessage message, CancellationToken cancellationToken) => Rider.SendAsync(message, cancellationToken);

    public IReadOnlyList<Task> Send(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var sending = new List<Task>(messages.Count);
        foreach (var message in messages)
        {
            var sent = StartAsync(message, cancellationToken);
            sending.Add(sent);

            // Refused before it was handed to the client: nothing that comes after it may overtake it.
            if (sent.IsFaulted || sent.IsCanceled)
                break;
        }

        return sending;
    }

    /// <summary>What is thrown at once is the task's failure too.</summary>
    private async Task StartAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        await SendAsync(message, cancellationToken).ConfigureAwait(false);
}
