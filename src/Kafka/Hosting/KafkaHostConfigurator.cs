using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Gathers what <see cref="IKafkaHostConfigurator"/> is told.</summary>
internal sealed class KafkaHostConfigurator(ClientConfig client, ClientSecurity security) : IKafkaHostConfigurator
{
    public void UseSsl(Action<IKafkaSslConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        security.UsesSsl = true;
        configure(new KafkaSslConfigurator(client));
    }

    public void UseSasl(Action<IKafkaSaslConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        security.UsesSasl = true;
        configure(new KafkaSaslConfigurator(client));
    }
}
