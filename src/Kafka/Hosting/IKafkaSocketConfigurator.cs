namespace IotBus.Kafka;

/// <summary>The connections to the brokers. What is not set is librdkafka's default.</summary>
public interface IKafkaSocketConfigurator
{
    /// <summary>How long a request may take before its connection is closed; 60 s by default.</summary>
    TimeSpan? Timeout { set; }

    /// <summary>0, the default, leaves it to the system.</summary>
    int? SendBufferBytes { set; }

    /// <summary>0, the default, leaves it to the system.</summary>
    int? ReceiveBufferBytes { set; }

    bool? KeepaliveEnable { set; }

    bool? NagleDisable { set; }

    /// <summary>How many requests may time out before the connection is closed; 1 by default, 0 for never.</summary>
    int? MaxFails { set; }
}
