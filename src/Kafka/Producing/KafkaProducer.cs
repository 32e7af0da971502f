using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>The rider's one producer client. Thread-safe.</summary>
internal sealed partial class KafkaProducer : IDisposable
{
    private readonly ProducerSettings _settings;
    private readonly ProducerConfig _config;
    private readonly ILogger _logger;
    private readonly Lock _replacing = new();
    private volatile IProducer<byte[], byte[]> _client;
    private int _queued;

    public KafkaProducer(ClientConfig client, ProducerSettings settings, ILogger logger)
    {
        _settings = settings;
        _config = settings.ToConfig(client);
        _logger = logger;
        _client = Build();
        KafkaMetrics.Observe(this);
    }

    /// <summary>Messages that wait for their delivery report.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>For an admin client that shares the connections.</summary>
    public Handle Handle => _client.Handle;

    /// <summary>Hands a message to the client. The task ends with the delivery report.</summary>
    public Task Produce(string topic, Message<byte[], byte[]> message)
    {
        var delivery = new Delivery(this, topic);
        Interlocked.Increment(ref _queued);
        var client = _client;
        try
        {
            client.Produce(topic, message, delivery.Report);
            return delivery.Task;
        }
        catch (ProduceException<byte[], byte[]> exception)
        {
            Delivered();
            if (exception.Error.IsFatal || exception.Error.Code == ErrorCode.Local_Fatal)
                Replace(client, exception.Error);

            return Task.FromException(Failure(topic, exception.Error, exception));
        }
    }

    public void Delivered() => Interlocked.Decrement(ref _queued);

    public TopicProduceException Failure(string topic, Error error, Exception? exception = null)
    {
        var failure = Classify(error.Code);
        var message = failure switch
        {
            ProduceFailure.QueueFull => $"{Queued:N0} messages wait for their acknowledgement, as many as are allowed: one for '{topic}' was not taken.",
            ProduceFailure.Refused => $"A message for '{topic}' was refused: {error.Reason}",
            _ => $"Kafka ({_config.BootstrapServers}) did not acknowledge a message for '{topic}' within {_settings.DeliveryTimeout.TotalSeconds:0.###} s: {error.Reason}",
        };
        return new TopicProduceException(topic, failure, message, exception ?? new KafkaException(error));
    }

    /// <summary>Waits until every message has its report, which takes no longer than the delivery timeout, and closes.</summary>
    public void Dispose()
    {
        KafkaMetrics.Forget(this);
        _client.Flush(_settings.DeliveryTimeout + TimeSpan.FromSeconds(5));
        _client.Dispose();
    }

    private static ProduceFailure Classify(ErrorCode code) => code switch
    {
        ErrorCode.Local_QueueFull => ProduceFailure.QueueFull,
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge
            or ErrorCode.TopicException or ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
            or ErrorCode.PolicyViolation or ErrorCode.InvalidRecord or ErrorCode.Local_InvalidArg => ProduceFailure.Refused,
        _ => ProduceFailure.NotAcknowledged,
    };

    private IProducer<byte[], byte[]> Build() =>
        new ProducerBuilder<byte[], byte[]>(_config)
            .SetErrorHandler((client, error) =>
            {
                if (error.IsFatal)
                    Replace(client, error);
                else
                    LogProblem(_logger, error.Reason);
            })
            .SetLogHandler((_, line) => ClientLog.Write(_logger, line))
            .Build();

    /// <summary>A client that met a fatal error (a broker that forgot what was acknowledged, a fenced producer) takes nothing more: a new one goes on.</summary>
    private void Replace(IProducer<byte[], byte[]> failed, Error error)
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
            failed.Flush(_settings.DeliveryTimeout);
            failed.Dispose();
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Producing to Kafka: {Reason}")]
    private static partial void LogProblem(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The producer met a fatal error and is replaced: {Reason}")]
    private static partial void LogReplaced(ILogger logger, string reason);
}
