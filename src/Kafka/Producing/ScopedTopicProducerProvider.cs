using MassTransit;

namespace IotBus.Kafka;

/// <summary>Finds producers for a scope.</summary>
internal sealed class ScopedTopicProducerProvider(IKafkaRider rider, IServiceProvider services) : ITopicProducerProvider
{
    public ITopicProducer<TKey, T> GetProducer<TKey, T>(Uri address)
        where T : class => Scoped(rider.GetProducer<TKey, T>(address), services);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => rider.ConnectSendObserver(observer);

    /// <summary>The same producer in a scope; a rider that a test put in the place of the real one knows its own scopes.</summary>
    public static ITopicProducer<TKey, T> Scoped<TKey, T>(ITopicProducer<TKey, T> producer, IServiceProvider services)
        where T : class => producer is TopicProducer<TKey, T> own ? new ScopedTopicProducer<TKey, T>(own, services) : producer;
}
