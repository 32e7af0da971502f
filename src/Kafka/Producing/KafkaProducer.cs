using Confluent.Kafka;
using IotBus.Kafka.Embedded;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>The rider's one producer client. Thread-safe.</summary>
internal sealed partial class KafkaProducer : IDisposable
{
    private readonly ProducerSettings _settings;
    private readonly ProducerConfig _config;
    private readonly BacklogGuard? _guard;
    private readonly ILogger _logger;
    private readonly ProblemLog _problem;
    private readonly Lock _replacing = new();
    private volatile ProducerClient _client;
    private int _queued;

    /// <exception cref="InvalidOperationException">librdkafka refuses a setting; the message names it.</exception>
    public KafkaProducer(ClientConfig client, ProducerSettings settings, BacklogGuard? guard, ILogger logger)
    {
        _settings = settings;
        _config = settings.ToConfig(client);
        _guard = guard;
        _logger = logger;
        _problem = new ProblemLog(
            logger,
            $"Producing to Kafka at {client.BootstrapServers}",
            "Messages fail until it is reached; it is tried again and again.");
        _client = Build();
        KafkaMetrics.Observe(this);
    }

    /// <summary>Messages that wait for their delivery report.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Shares the producer's connections.</summary>
    public IAdminClient Admin => _client.Admin;

    /// <summary>Hands a message to the client. The task ends with the delivery report.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="deadLetter">Whether neither the backlog's guard, if there is one, nor the bound on the application's messages may refuse it.</param>
    public Task Produce(string topic, Message<byte[], byte[]> message, bool deadLetter = false)
    {
        if (!deadLetter && SizeOf(message) > _settings.MaxMessageBytes)
            return Task.FromException(Failure(topic, new Error(ErrorCode.MsgSizeTooLarge)));

        BacklogReservation reservation = default;
        if (!deadLetter && _guard?.TryReserve(topic, message, out reservation) == false)
        {
            return Task.FromException(new TopicProduceException(
                topic,
                ProduceFailure.BacklogFull,
                $"The consumers of '{topic}' are so far behind that the embedded Kafka would drop what they have not read: a message was not taken."));
        }

        var delivery = new Delivery(this, topic, reservation);
        Interlocked.Increment(ref _queued);
        var client = _client;
        try
        {
            client.Producer.Produce(new TopicPartition(topic, reservation.Partition), message, delivery.Report);
            return delivery.Task;
        }
        catch (ProduceException<byte[], byte[]> exception)
        {
            NotDelivered();
            reservation.Release();
            if (exception.Error.IsFatal || exception.Error.Code == ErrorCode.Local_Fatal)
                Replace(client, exception.Error);

            return Task.FromException(Failure(topic, exception.Error, exception));
        }
    }

    public void Delivered()
    {
        Interlocked.Decrement(ref _queued);
        _problem.Over();
    }

    public void NotDelivered() => Interlocked.Decrement(ref _queued);

    public TopicProduceException Failure(string topic, Error error, Exception? exception = null)
    {
        var failure = Classify(error.Code);
        var message = failure switch
        {
            ProduceFailure.QueueFull => $"{Queued:N0} messages wait for their acknowledgement, as many as are allowed: one for '{topic}' was not taken.",
            ProduceFailure.Refused => $"A message for '{topic}' was refused: {error.Reason}",
            _ => $"Kafka at {_config.BootstrapServers} did not acknowledge a message for '{topic}' "
                + $"within {_settings.DeliveryTimeout.TotalSeconds:0.###} s: {error.Reason}",
        };
        return new TopicProduceException(topic, failure, message, exception ?? new KafkaException(error));
    }

    /// <summary>Waits until every message has its report, which takes no longer than the delivery timeout, and closes.</summary>
    public void Dispose()
    {
        KafkaMetrics.Forget(this);
        _client.Producer.Flush(_settings.DeliveryTimeout + TimeSpan.FromSeconds(2));
        _client.Dispose();
    }

    private static long SizeOf(Message<byte[], byte[]> message)
    {
        var size = (long)(message.Key?.Length ?? 0) + (message.Value?.Length ?? 0);
        if (message.Headers is { } headers)
        {
            for (var i = 0; i < headers.Count; i++)
                size += headers[i].Key.Length + (headers[i].GetValueBytes()?.Length ?? 0);
        }

        return size;
    }

    private static ProduceFailure Classify(ErrorCode code) => code switch
    {
        ErrorCode.Local_QueueFull => ProduceFailure.QueueFull,
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge
            or ErrorCode.TopicException or ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
            or ErrorCode.PolicyViolation or ErrorCode.InvalidRecord or ErrorCode.Local_InvalidArg => ProduceFailure.Refused,
        _ => ProduceFailure.NotAcknowledged,
    };

    private ProducerClient Build()
    {
        ProducerClient? built = null;
        return built = new ProducerClient(new ProducerBuilder<byte[], byte[]>(_config)
            .SetErrorHandler((_, error) => Failed(built, error))
            .SetLogHandler((_, line) => ClientLog.Write(_logger, line))
            .Build());
    }

    private void Failed(ProducerClient? client, Error error)
    {
        if (error.IsFatal && client is not null)
            Replace(client, error);
        else if (ConnectionErrors.Contain(error.Code))
            _problem.Report(ConnectionErrors.Kind, error.Reason + ".");
        else
            LogProblem(_logger, error.Reason, error.Code);
    }

    /// <summary>
    /// A client that met a fatal error (a broker that forgot what was acknowledged, a fenced producer) takes nothing more: a new one goes
    /// on.
    /// </summary>
    private void Replace(ProducerClient failed, Error error)
    {
        lock (_replacing)
        {
            if (!ReferenceEquals(failed, _client))
                return;

            LogReplaced(_logger, error.Reason);
            _client = Build();
        }

        // Its remaining messages get their reports, all of them failures; this may be its own thread, which must not wait for itself.
        _ = Task.Run(() =>
        {
            failed.Producer.Flush(_settings.DeliveryTimeout);
            failed.Dispose();
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Producing to Kafka: {Reason} ({Code})")]
    private static partial void LogProblem(ILogger logger, string reason, ErrorCode code);

    [LoggerMessage(Level = LogLevel.Error, Message = "The producer met a fatal error and is replaced: {Reason}")]
    private static partial void LogReplaced(ILogger logger, string reason);
}
