using System.Net.Mime;
using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>
/// Makes the serializers of keys and values that an endpoint or a producer does not set itself. <see cref="DefaultKafkaSerializerFactory"/>
/// unless <see cref="IKafkaFactoryConfigurator.SetSerializationFactory"/> sets another. Called once a type when the bus is built, and at the first
/// use of a topic that was not configured; must be thread-safe, and so must be what it makes.
/// </summary>
public interface IKafkaSerializerFactory
{
    /// <summary>What the values are: the header <c>Content-Type</c> of what is produced.</summary>
    ContentType ContentType { get; }

    /// <summary>Reads keys or values of a type. What it throws marks a message as one that cannot be read.</summary>
    IDeserializer<T> GetDeserializer<T>();

    /// <summary>Writes keys or values of a type. What it throws passes to the caller of <c>Produce</c>.</summary>
    IAsyncSerializer<T> GetSerializer<T>();
}
