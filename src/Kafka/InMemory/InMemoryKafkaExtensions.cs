using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IotBus.Kafka;

/// <summary>Has riders use Kafka in memory, for tests.</summary>
public static class InMemoryKafkaExtensions
{
    /// <summary>
    /// Has the riders of this container use an <see cref="InMemoryKafka"/>, which the test gets from the container, in place of brokers. Their registration
    /// stays as it is; what it says of hosts and connections is not used. Call it last: it stands for the application's
    /// <see cref="ITopicAdministration"/> too, and gives the riders' consumers and sagas their part of MassTransit's test harness, where there is one.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IServiceCollection AddInMemoryKafka(this IServiceCollection services, Action<InMemoryKafkaOptions>? configure = null) =>
        services.AddInMemoryKafka(new InMemoryKafka(configure));

    /// <inheritdoc cref="AddInMemoryKafka(IServiceCollection, Action{InMemoryKafkaOptions}?)"/>
    /// <param name="services">The container's services.</param>
    /// <param name="kafka">One that several hosts share, or that outlives one which is started anew.</param>
    public static IServiceCollection AddInMemoryKafka(this IServiceCollection services, InMemoryKafka kafka)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(kafka);
        services.RemoveAll<InMemoryKafka>();
        services.RemoveAll<ITopicAdministration>();
        services.AddSingleton(kafka);
        services.AddSingleton<ITopicAdministration>(kafka);
        return KafkaTestHarnessExtensions.IsThere<ITestHarness>(services) ? services.AddKafkaTestHarness() : services;
    }
}
