using MassTransit;
using MassTransit.Configuration;

namespace IotBus.Kafka;

/// <summary>Which topic <see cref="ITopicProducer{T}"/> of a message type produces to, and how it takes keys.</summary>
internal sealed class KeylessRegistration(Type type, string topic, Delegate? keyOf) : IRegistration
{
    public Type Type { get; } = type;

    public string Topic { get; } = topic;

    /// <summary>Null when messages have no key.</summary>
    public Delegate? KeyOf { get; } = keyOf;

    public bool IncludeInConfigureEndpoints { get; set; }
}
