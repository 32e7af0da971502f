using IotBus.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.KafkaOutbox;

/// <summary>The bus's rider, which is there only after the outbox: the rider needs the bus, and the bus the outbox.</summary>
internal sealed class OutboxRider(IServiceProvider services)
{
    private IKafkaRider? _rider;

    /// <exception cref="ConfigurationException">There is none.</exception>
    public IKafkaRider Rider => _rider ??= services.GetService<IKafkaRider>() ?? throw new ConfigurationException(
        "AddKafkaOutbox: this bus has no Kafka rider. Call AddRider(r => r.UsingKafka(…)) beside it.");
}
