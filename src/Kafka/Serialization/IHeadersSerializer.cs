using MassTransit;

namespace IotBus.Kafka;

/// <summary>
/// Makes the headers of a message out of its send context, after every filter and pipe has run. Must be thread-safe. What it throws passes to the
/// caller of <c>Produce</c>.
/// </summary>
public interface IHeadersSerializer
{
    Confluent.Kafka.Headers Serialize(SendContext context);
}
