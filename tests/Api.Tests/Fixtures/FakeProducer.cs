using IotBus.Kafka;
using IotBus.Messages;
using MassTransit;

namespace IotBus.Api.Tests.Fixtures;

/// <summary>The Api gives keys and messages, and nothing else.</summary>
internal sealed class FakeProducer<T>(FakeTopics topics, string topic) : ITopicProducer<string, T>
    where T : SensorEvent
{
    public Task Produce(string key, T message, CancellationToken cancellationToken = default) => topics.Take(new Produced(topic, key, message));

    public Task Produce(string key, T message, IPipe<KafkaSendContext<string, T>> pipe, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task Produce(string key, object values, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task Produce(string key, object values, IPipe<KafkaSendContext<string, T>> pipe, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task ProduceTombstone(string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task ProduceTombstone(string key, IPipe<KafkaSendContext<string, Tombstone>> pipe, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw new NotSupportedException();
}
