using Confluent.Kafka;

namespace IotBus.Kafka;

/// <inheritdoc/>
internal sealed class KafkaSocketConfigurator(ClientConfig client) : IKafkaSocketConfigurator
{
    public TimeSpan? Timeout { set => client.SocketTimeoutMs = (int?)value?.TotalMilliseconds; }

    public int? SendBufferBytes { set => client.SocketSendBufferBytes = value; }

    public int? ReceiveBufferBytes { set => client.SocketReceiveBufferBytes = value; }

    public bool? KeepaliveEnable { set => client.SocketKeepaliveEnable = value; }

    public bool? NagleDisable { set => client.SocketNagleDisable = value; }

    public int? MaxFails { set => client.SocketMaxFails = value; }
}
