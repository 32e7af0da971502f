using Confluent.Kafka;
using Confluent.Kafka.Admin;
using IotBus.Kafka.Embedded;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>The rider's one producer client. Thread-safe.</summary>
internal sealed partial class KafkaProducer : IRecordProducer
{
    // librdkafka's, where Configure takes the rider's away.
    private const int DefaultMessageTimeout = 300_000;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);

    private readonly ProducerConfig _config;
    private readonly BacklogGuard? _guard;
    private readonly Action<IClient, string>? _refreshToken;
    private readonly ILogger _logger;
    private readonly ProblemLog _problem;
    private readonly ProblemLog _authentication;
    private readonly TopicProblems _topics;
    private readonly ClientSuccession _clients;
    private readonly TimeSpan _deliveryTimeout;
    private readonly int _maxMessageBytes;
    private int _queued;

    /// <param name="client">What all clients of the rider have in common.</param>
    /// <param name="settings">The rider's settings.</param>
    /// <param name="config">What differs from them.</param>
    /// <param name="guard">Keeps an embedded broker from being filled.</param>
    /// <param name="refreshToken">Gets a new OAuth token.</param>
    /// <param name="logger">Where problems are told.</param>
    /// <param name="clock">Tells when a client that failed is replaced.</param>
    /// <exception cref="MassTransit.ConfigurationException">librdkafka refuses a setting; the message names it.</exception>
    public KafkaProducer(
        ClientConfig client,
        ProducerSettings settings,
        ProducerConfig config,
        BacklogGuard? guard,
        Action<IClient, string>? refreshToken,
        ILogger logger,
        TimeProvider clock)
    {
        _config = settings.ToConfig(client, config);
        ProducerClient.Prepare(_config);
        _deliveryTimeout = TimeSpan.FromMilliseconds(_config.MessageTimeoutMs ?? DefaultMessageTimeout);
        _maxMessageBytes = config.MessageMaxBytes ?? settings.MaxMessageBytes;
        _guard = guard;
        _refreshToken = refreshToken;
        _logger = logger;
        var subject = $"Producing to Kafka at {_config.BootstrapServers}";
        _problem = new ProblemLog(logger, subject, "Messages fail until it is reached; it is tried again and again.");
        _authentication = new ProblemLog(logger, subject, "Messages fail until the brokers let the client in; it is tried again and again.");
        _topics = new TopicProblems(logger, _config.BootstrapServers);
        _clients = new ClientSuccession(
            Build,
            new ProblemLog(
                logger, subject, "The client met a fatal error and is replaced, from the second time on after 1 to 15 s, in which it takes no messages."),
            clock);
        _clients.Start();
        KafkaMetrics.Observe(this);
    }

    /// <summary>Messages that wait for their delivery report.</summary>
    public int Queued => Volatile.Read(ref _queued);

    public Task Produce(string topic, RecordBuffer record) => Produce(topic, record, deadLetter: false, Partition.Any);

    public unsafe Task Produce(string topic, Message<byte[], byte[]> message, bool deadLetter = false, Partition? partition = null)
    {
        var record = RecordBuffer.Rent();
        try
        {
            if (message.Key is { } key)
                record.SetKey(key);

            record.SetTime(message.Timestamp.UnixTimestampMs);
            foreach (var header in message.Headers?.BackingList ?? [])
                record.Add(header.Key, header.GetValueBytes());

            // Not copied twice: it may be large.
            fixed (byte* value = message.Value)
            {
                if (message.Value is { } bytes)
                    record.SetValue(value, bytes.Length);

                return Produce(topic, record, deadLetter, partition ?? Partition.Any);
            }
        }
        finally
        {
            record.Return();
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _clients.Current.Admin
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
        _clients.Succeeded();
        _topics.Over(topic);
    }

    public void NotDelivered(string topic, Error error)
    {
        Interlocked.Decrement(ref _queued);
        ProduceMetrics.Failure(topic, Classify(error.Code));
        _topics.Report(topic, error);
    }

    public TopicProduceException Failure(string topic, Error error)
    {
        var failure = Classify(error.Code);
        var message = failure switch
        {
            ProduceFailure.QueueFull => $"{Queued:N0} messages wait for their acknowledgement, as many as are allowed: one for '{topic}' was not taken.",
            ProduceFailure.Refused => $"A message for '{topic}' was refused: {error.Reason}",
            _ when error.IsFatal => $"Kafka at {_config.BootstrapServers} did not acknowledge a message for '{topic}': {error.Reason}",
            _ => $"Kafka at {_config.BootstrapServers} did not acknowledge a message for '{topic}' "
                + $"within {_deliveryTimeout.TotalSeconds:0.###} s: {error.Reason}",
        };
        return new TopicProduceException(topic, failure, message, new KafkaException(error));
    }

    /// <summary>Waits until every message has its report, which takes no longer than the delivery timeout, and closes.</summary>
    public void Dispose()
    {
        KafkaMetrics.Forget(this);
        _clients.Dispose();
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

    private Task Produce(string topic, RecordBuffer record, bool deadLetter, Partition partition)
    {
        if (!deadLetter && record.Size > _maxMessageBytes)
        {
            ProduceMetrics.Failure(topic, ProduceFailure.Refused);
            return Task.FromException(Failure(topic, new Error(ErrorCode.MsgSizeTooLarge)));
        }

        BacklogReservation reservation = default;
        if (!deadLetter && _guard?.TryReserve(topic, partition, record, out reservation) == false)
        {
            ProduceMetrics.Failure(topic, ProduceFailure.BacklogFull);
            return Task.FromException(new TopicProduceException(
                topic,
                ProduceFailure.BacklogFull,
                $"The consumers of '{topic}' are so far behind that the embedded Kafka would drop what they have not read: a message was not taken."));
        }

        var place = partition == Partition.Any ? reservation.Partition : partition;
        var delivery = new Delivery(this, topic, reservation);
        Interlocked.Increment(ref _queued);
        for (var client = _clients.Current; ;)
        {
            if (client.TryProduce(topic, place, record, delivery, out var error) && error is null)
                return delivery.Task;

            // It did not take the message, so another may: closed, it was replaced meanwhile or is the last one. After a fatal error it is replaced now,
            // or later: the message is refused then.
            if (error is { IsFatal: true })
                _clients.Replace(client, error);

            var next = _clients.Current;
            if (ReferenceEquals(next, client) || error is { IsFatal: false })
                return delivery.Refuse(error ?? new Error(ErrorCode.Local_Destroy));

            client = next;
        }
    }

    private ProducerClient Build()
    {
        var builder = new ProducerBuilder<byte[], byte[]>(_config).SetLogHandler((_, line) => ClientLog.Write(_logger, line));
        if (_refreshToken is not null)
            builder.SetOAuthBearerTokenRefreshHandler(RefreshToken);

        var producer = ClientSecrets.Guard(_config, builder.Build);
        try
        {
            return new ProducerClient(producer, _deliveryTimeout, Failed, _logger);
        }
        catch
        {
            producer.Dispose();
            throw;
        }
    }

    private void RefreshToken(IClient client, string config)
    {
        try
        {
            _refreshToken!(client, config);
        }
        catch (Exception exception)
        {
            // Comes back as an error of the client, which asks again in ten seconds.
            client.OAuthBearerSetTokenFailure($"The handler of its token failed: {exception.Message}");
        }
    }

    private void Failed(ProducerClient client, Error error)
    {
        if (error.IsFatal)
            _clients.Replace(client, error);
        else if (ConnectionErrors.AreRefusals(error.Code))
            _authentication.Report(ConnectionErrors.Refusal, error.Reason + ".");
        else if (ConnectionErrors.Contain(error.Code))
            _problem.Report(ConnectionErrors.Kind, error.Reason + ".");
        else
            LogProblem(_logger, error.Reason, error.Code);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Producing to Kafka: {Reason} ({Code})")]
    private static partial void LogProblem(ILogger logger, string reason, ErrorCode code);
}
