using MassTransit;
using MassTransit.DependencyInjection.Registration;
using MassTransit.Testing;

namespace IotBus.Kafka;

/// <summary>
/// Puts <see cref="TopicConsumerFactory{TConsumer}"/> before MassTransit's own. An application's decorator, or the test harness's, is registered for a
/// consumer type of its own, and so takes this one's place.
/// </summary>
internal sealed class TopicConsumerFactories<TConsumer> : IConsumerFactoryDecoratorRegistration<TConsumer>
    where TConsumer : class, IConsumer
{
    public ReceivedMessageList Consumed =>
        throw new InvalidOperationException($"No test harness notes what {typeof(TConsumer).Name} consumes: add one with AddMassTransitTestHarness.");

    public IConsumerFactory<TConsumer> DecorateConsumerFactory(IConsumerFactory<TConsumer> consumerFactory) =>
        new TopicConsumerFactory<TConsumer>(consumerFactory);
}
