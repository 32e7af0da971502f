using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Produces replayed letters and marks, each acknowledged by all in-sync replicas. Not thread-safe.</summary>
internal sealed class LetterProducer : IDisposable
{
    private readonly DeadLetterQueueOptions _options;
    private readonly IProducer<byte[], byte[]> _producer;

    /// <exception cref="InvalidOperationException">librdkafka refuses a setting; the message names it.</exception>
    public LetterProducer(DeadLetterQueueOptions options)
    {
        _options = options;
        var settings = new ProducerSettings { DeliveryTimeout = options.Timeout, Linger = TimeSpan.FromMilliseconds(2) };
        _producer = new ProducerBuilder<byte[], byte[]>(settings.ToConfig(options.ClientConfig()))
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
    }

    /// <summary>Produces messages, those of a partition in order.</summary>
    /// <returns>For each, null once it is acknowledged, or the error.</returns>
    public async Task<Error?[]> ProduceAsync(IReadOnlyList<(TopicPartition To, Message<byte[], byte[]> Message)> messages)
    {
        var deliveries = new Task<Error?>[messages.Count];
        for (var i = 0; i < deliveries.Length; i++)
            deliveries[i] = ProduceAsync(messages[i].To, messages[i].Message);

        var errors = await Task.WhenAll(deliveries).ConfigureAwait(false);
        for (var i = 0; i < errors.Length; i++)
        {
            // A broker refuses a whole batch for one of its messages: alone, only that one fails.
            if (errors[i] is { } error && IsRefusalOfBatch(error.Code))
                errors[i] = await ProduceAsync(messages[i].To, messages[i].Message).ConfigureAwait(false);
        }

        return errors;
    }

    /// <summary>Whether it is about the message or its topic, and others may still be taken.</summary>
    public static bool IsRefusal(Error error) => IsRefusalOfBatch(error.Code) || error.Code is ErrorCode.TopicAuthorizationFailed
        or ErrorCode.TopicException or ErrorCode.PolicyViolation or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic
        or ErrorCode.Local_UnknownPartition;

    public KafkaUnavailableException Unavailable(Error error, string what) => new(
        $"Kafka at {_options.BootstrapServers} did not acknowledge {what} within {_options.Timeout.TotalSeconds:0.###} s: {error.Reason}",
        new KafkaException(error));

    public void Dispose() => _producer.Dispose();

    private static bool IsRefusalOfBatch(ErrorCode code) => code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize
        or ErrorCode.RecordListTooLarge or ErrorCode.InvalidRecord or ErrorCode.InvalidMsg;

    private Task<Error?> ProduceAsync(TopicPartition to, Message<byte[], byte[]> message)
    {
        var delivered = new TaskCompletionSource<Error?>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _producer.Produce(to, message, report => delivered.SetResult(report.Error.IsError ? report.Error : null));
        }
        catch (ProduceException<byte[], byte[]> exception)
        {
            delivered.SetResult(exception.Error);
        }

        return delivered.Task;
    }
}
