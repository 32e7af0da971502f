using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Where messages are handed over as they go onto a topic. Thread-safe.</summary>
internal interface IRecordProducer : IDisposable
{
    /// <summary>Messages that wait for their acknowledgement.</summary>
    int Queued { get; }

    /// <summary>Takes a message, in the order of calls. The task ends with its acknowledgement.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="deadLetter">Whether no bound on the application's messages may refuse it.</param>
    /// <param name="partition">Where it must go; null, or <see cref="Partition.Any"/>, when the key decides.</param>
    /// <returns>Fails with a <see cref="TopicProduceException"/> when it is not acknowledged.</returns>
    Task Produce(string topic, Message<byte[], byte[]> message, bool deadLetter = false, Partition? partition = null);

    /// <summary>Takes a message of the application, in the order of calls. The task ends with its acknowledgement.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="record">The message, whose key decides where it goes. It is copied before this returns.</param>
    /// <returns>Fails with a <see cref="TopicProduceException"/> when it is not acknowledged.</returns>
    Task Produce(string topic, RecordBuffer record);

    /// <summary>Returns when there is an answer to a question.</summary>
    /// <exception cref="KafkaUnavailableException">There is none in time.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
