using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IotBus.Kafka;

/// <summary>Connects the rider to a bus, and says what is wrong with its configuration before that.</summary>
internal sealed class KafkaRiderSpecification(IRiderRegistrationContext context, KafkaFactoryConfigurator configurator) : IBusInstanceSpecification
{
    public void Configure(IBusInstance busInstance) => busInstance.Connect<IKafkaRider>(new KafkaRider(context, configurator, busInstance));

    public IEnumerable<ValidationResult> Validate() =>
        configurator.Validate(connects: context.GetService<InMemoryKafka>() is null).Select(problem => this.Failure(problem.Key, problem.Message));
}
