using Confluent.Kafka;
using MassTransit.Transports;

namespace IotBus.Kafka;

/// <summary>
/// Makes a consumed message's headers known to MassTransit: its identifiers and addresses by the names of <see cref="MessageHeaderNames"/>, and all
/// others. Must be thread-safe. A message for which it throws is one that cannot be read.
/// </summary>
public interface IHeadersDeserializer
{
    /// <param name="headers">As they came; empty where the message had none.</param>
    IHeaderProvider Deserialize(Headers headers);
}
