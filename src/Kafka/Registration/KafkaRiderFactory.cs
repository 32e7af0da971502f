using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>Runs the configuration once the container exists, when MassTransit builds the bus.</summary>
internal sealed class KafkaRiderFactory(
    ClientConfig client, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure) : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var configurator = new KafkaFactoryConfigurator(client);
        configure(context, configurator);
        foreach (var registration in context.GetRegistrations<ProducerRegistration>())
            configurator.Producers.Add(registration.Define(context));

        return new KafkaRiderSpecification(context, configurator);
    }
}
