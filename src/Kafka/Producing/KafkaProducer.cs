using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Kafka.Embedded;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>The rider's one producer client. Thread-safe.</summary>
internal sealed partial class KafkaProducer : IRecordProducer
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    private readonly ProducerConfig _config;
    private readonly BacklogGuard? _guard;
    private readonly Action<IClient, string>? _refreshToken;
    private readonly ILogger _logger;
    private readonly ProblemLog _problem;
    private readonly ProblemLog _authentication;
    private readonly TopicProblems _topics;
    private readonly TimeSpan _deliveryTimeout;
    private readonly int _maxMessageBytes;
    private readonly Lock _replacing = new();
    private volatile ProducerClient _client;
    private int _queued;

    /// <param name="client">What all clients of the rider have in common.</param>
    /// <param name="settings">The rider's settings.</param>
    /// <param name="config">What differs from them.</param>
    /// <param name="guard">Keeps an embedded broker from being filled.</param>
    /// <param name="refreshToken">Gets a new OAuth token.</param>
    /// <param name="logger">Where problems are told.</param>
    /// <exception cref="MassTransit.ConfigurationException">librdkafka refuses a setting; the message names it.</exception>
    public KafkaProducer(
        ClientConfig client, ProducerSettings settings, ProducerConfig config, BacklogGuard? guard, Action<IClient, string>? refreshToken, ILogger logger)
    {
        _config = settings.ToConfig(client, config);
        _deliveryTimeout = config.MessageTimeoutMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : settings.DeliveryTimeout;
        _maxMessageBytes = config.MessageMaxBytes ?? settings.MaxMessageBytes;
        _guard = guard;
        _refreshToken = refreshToken;
        _logger = logger;
        var subject = $"Producing to Kafka at {_config.BootstrapServers}";
        _problem = new ProblemLog(logger, subject, "Messages fail until it is reached; it is tried again and again.");
        _authentication = new ProblemLog(logger, subject, "Messages fail until the brokers let the client in; it is tried again and again.");
        _topics = new TopicProblems(logger, _config.BootstrapServers);
        _client = Build();
        KafkaMetrics.Observe(this);
    }

    /// <summary>Messages that wait for their delivery report.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>Hands a message to the client. The task ends with the delivery report.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="deadLetter">Whether neither the backlog's guard, if there is one, nor the bound on the application's messages may refuse it.</param>
    /// <param name="partition">Where it must go; null, or <see cref="Partition.Any"/>, when the key decides.</param>
    public Task Produce(string topic, Message<byte[], byte[]> message, bool deadLetter = false, Partition? partition = null)
    {
        var destination = partition ?? Partition.Any;
        if (!deadLetter && RecordSize.Of(message) > _maxMessageBytes)
        {
            ProduceMetrics.Failure(topic, ProduceFailure.Refused);
            return Task.FromException(Failure(topic, new Error(ErrorCode.MsgSizeTooLarge)));
        }

        BacklogReservation reservation = default;
        if (!deadLetter && _guard?.TryReserve(topic, destination, message, out reservation) == false)
        {
            ProduceMetrics.Failure(topic, ProduceFailure.BacklogFull);
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
            client.Producer.Produce(
                new TopicPartition(topic, destination == Partition.Any ? reservation.Partition : destination), message, delivery.Report);
            return delivery.Task;
        }
        catch (ProduceException<byte[], byte[]> exception)
        {
            NotDelivered(topic, exception.Error);
            reservation.Release();
            if (exception.Error.IsFatal || exception.Error.Code == ErrorCode.Local_Fatal)
                Replace(client, exception.Error);

            return Task.FromException(Failure(topic, exception.Error, exception));
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.Admin
                .DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = AnswerTimeout })
                .WaitAsync(AnswerTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException or ObjectDisposedException)
        {
            throw new KafkaUnavailableException(
                $"Kafka at {_config.BootstrapServers} did not answer within {AnswerTimeout.TotalSeconds:0} s: {exception.Message}", exception);
        }
    }

    public void Delivered(string topic)
    {
        Interlocked.Decrement(ref _queued);
        _problem.Over();
        _authentication.Over();
        _topics.Over(topic);
    }

    public void NotDelivered(string topic, Error error)
    {
        Interlocked.Decrement(ref _queued);
        ProduceMetrics.Failure(topic, Classify(error.Code));
        _topics.Report(topic, error);
    }

    public TopicProduceException Failure(string topic, Error error, Exception? exception = null)
    {
        var failure = Classify(error.Code);
        var message = failure switch
        {
            ProduceFailure.QueueFull => $"{Queued:N0} messages wait for their acknowledgement, as many as are allowed: one for '{topic}' was not taken.",
            ProduceFailure.Refused => $"A message for '{topic}' was refused: {error.Reason}",
            _ => $"Kafka at {_config.BootstrapServers} did not acknowledge a message for '{topic}' "
                + $"within {_deliveryTimeout.TotalSeconds:0.###} s: {error.Reason}",
        };
        return new TopicProduceException(topic, failure, message, exception ?? new KafkaException(error));
    }

    /// <summary>Waits until every message has its report, which takes no longer than the delivery timeout, and closes.</summary>
    public void Dispose()
    {
        KafkaMetrics.Forget(this);
        _client.Producer.Flush(_deliveryTimeout + TimeSpan.FromSeconds(2));
        _client.Dispose();
    }

    private static ProduceFailure Classify(ErrorCode code) => code switch
    {
        ErrorCode.Local_QueueFull => ProduceFailure.QueueFull,
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge
            or ErrorCode.TopicException or ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
            or ErrorCode.PolicyViolation or ErrorCode.InvalidRecord or ErrorCode.Local_InvalidArg or ErrorCode.Local_UnknownPartition
            => ProduceFailure.Refused,
        _ => ProduceFailure.NotAcknowledged,
    };

    private ProducerClient Build()
    {
        ProducerClient? built = null;
        var builder = new ProducerBuilder<byte[], byte[]>(_config)
            .SetErrorHandler((_, error) => Failed(built, error))
            .SetLogHandler((_, line) => ClientLog.Write(_logger, line));
        if (_refreshToken is not null)
            builder.SetOAuthBearerTokenRefreshHandler(_refreshToken);

        return built = new ProducerClient(ClientSecrets.Guard(_config, builder.Build));
    }

    private void Failed(ProducerClient? client, Error error)
    {
        if (error.IsFatal && client is not null)
            Replace(client, error);
        else if (ConnectionErrors.AreRefusals(error.Code))
            _authentication.Report(ConnectionErrors.Refusal, error.Reason + ".");
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
            failed.Producer.Flush(_deliveryTimeout);
            failed.Dispose();
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Producing to Kafka: {Reason} ({Code})")]
    private static partial void LogProblem(ILogger logger, string reason, ErrorCode code);

    [LoggerMessage(Level = LogLevel.Error, Message = "The producer met a fatal error and is replaced: {Reason}")]
    private static partial void LogReplaced(ILogger logger, string reason);
}
