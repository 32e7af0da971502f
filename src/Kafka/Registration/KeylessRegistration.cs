using MassTransit;
using MassTransit.Configuration;

namespace IotBus.Kafka;

/// <summary>Which topic <see cref="ITopicProducer{T}"/> of a message type produces to.</summary>
internal sealed class KeylessRegistration(Type type, string topic) : IRegistration
{
    public Type Type { get; } = type;

    public string Topic { get; } = topic;

    public bool IncludeInConfigureEndpoints { get; set; }
}
