using Confluent.Kafka;
using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.DependencyInjection.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Kafka;

/// <summary>Adds the Kafka rider to a bus: <c>x.AddRider(r => { r.AddProducer…; r.AddBatchConsumer…; r.UsingKafka(…); })</c>.</summary>
public static class KafkaRiderExtensions
{
    /// <summary>Registers a batch consumer, made anew in a scope of its own for each batch.</summary>
    public static void AddBatchConsumer<TConsumer>(this IRiderRegistrationConfigurator configurator)
        where TConsumer : class
    {
        ArgumentNullException.ThrowIfNull(configurator);
        if (!BatchConsumerTypes.Implemented(typeof(TConsumer)).Any())
            throw new ConfigurationException($"{typeof(TConsumer).Name} is no batch consumer: implement ITopicBatchConsumer<T>.");

        configurator.TryAddScoped<TConsumer>();
    }

    /// <summary>Adds the rider itself.</summary>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure) => UsingKafka(configurator, new ClientConfig(), configure);

    /// <summary>Adds the rider itself.</summary>
    /// <param name="configurator">The rider's registration.</param>
    /// <param name="clientConfig">Settings of librdkafka for every client of the rider; what is configured after that goes before them.</param>
    /// <param name="configure">Says where the brokers are and which topics are consumed.</param>
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(clientConfig);
        ArgumentNullException.ThrowIfNull(configure);
        AddConsuming<IBus>(configurator);
        configurator.SetRiderFactory(new KafkaRiderFactory(clientConfig, configure));
        configurator.TryAddSingleton<IKafkaHealth, KafkaHealth>();
        configurator.TryAddScoped<IKafkaRider, ITopicProducerProvider>((rider, services) => new ScopedTopicProducerProvider(rider, services));
    }

    /// <summary>Adds the rider to one of several buses. Its producer provider is <c>Bind&lt;TBus, ITopicProducerProvider&gt;</c>.</summary>
    public static void UsingKafka<TBus>(
        this IRiderRegistrationConfigurator<TBus> configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
        where TBus : class, IBus => UsingKafka(configurator, new ClientConfig(), configure);

    /// <inheritdoc cref="UsingKafka{TBus}(IRiderRegistrationConfigurator{TBus}, Action{IRiderRegistrationContext, IKafkaFactoryConfigurator})"/>
    public static void UsingKafka<TBus>(
        this IRiderRegistrationConfigurator<TBus> configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure)
        where TBus : class, IBus
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(clientConfig);
        ArgumentNullException.ThrowIfNull(configure);
        AddConsuming<TBus>(configurator);
        configurator.SetRiderFactory(new KafkaRiderFactory(clientConfig, configure));
        configurator.TryAddScoped<IKafkaRider, Bind<TBus, ITopicProducerProvider>>((rider, services) =>
            Bind<TBus>.Create<ITopicProducerProvider>(new ScopedTopicProducerProvider(rider, services)));
    }

    private static void AddConsuming<TBus>(IServiceCollection services)
        where TBus : class, IBus
    {
        services.TryAddSingleton(typeof(IConsumerFactoryDecoratorRegistration<>), typeof(TopicConsumerFactories<>));

        // MassTransit would have a message's context twice in its scope: for the rider, and for all. Only the second is ever asked for.
        services.TryAddScoped(provider => Bind<TBus, IKafkaRider>.Create(provider.GetRequiredService<IScopedConsumeContextProvider>()));
    }
}
