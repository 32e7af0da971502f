namespace IotBus.Kafka;

/// <summary>How the client fetches messages from the brokers. What is not set is librdkafka's default, unless it is said otherwise.</summary>
public interface IKafkaFetchConfigurator
{
    /// <summary>How long a broker may wait for <see cref="MinBytes"/> before it answers; 50 ms unless set. A partition that resumes may wait for it.</summary>
    TimeSpan? WaitMaxInterval { set; }

    /// <summary>The most bytes of one partition in an answer; a larger message comes all the same. 1 MiB by default.</summary>
    int? MaxPartitionBytes { set; }

    /// <summary>The most bytes of an answer; 50 MiB by default.</summary>
    int? MaxBytes { set; }

    /// <summary>How many bytes a broker waits for; 1 by default.</summary>
    int? MinBytes { set; }

    /// <summary>The pause before a partition is asked for again after an error; 500 ms by default.</summary>
    TimeSpan? ErrorBackoffInterval { set; }
}
