using MassTransit;
using MassTransit.Configuration;

namespace IotBus.Persistence;

/// <summary>Puts <see cref="StoreRetryPolicy"/> before the outbox of each consumer and saga of an endpoint, so that each attempt has a scope of its own.</summary>
internal sealed class StoreRetryObserver(StoreRetryPolicy policy) : IConsumerConfigurationObserver, ISagaConfigurationObserver
{
    public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
        where TConsumer : class
    {
    }

    public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
        where TConsumer : class
        where TMessage : class => Add(configurator as IConsumerMessageConfigurator<TMessage>);

    public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
    {
    }

    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
    }

    public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
        where TSaga : class, ISaga
        where TMessage : class => Add(configurator as ISagaMessageConfigurator<TMessage>);

    private void Add<TMessage>(IPipeConfigurator<ConsumeContext<TMessage>>? configurator)
        where TMessage : class => configurator?.UseMessageRetry(retry => retry.SetRetryPolicy(_ => policy));
}
