using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka;

/// <summary>
/// librdkafka's producer. Confluent.Kafka makes it, with its settings and its security; messages go to it past Confluent.Kafka, which hands over each
/// header on its own, and their reports come back as events, many at a time. Thread-safe.
/// </summary>
internal sealed partial class ProducerClient : IDisposable
{
    private const int Open = 0, Draining = 1, Left = 2, Closed = 3;

    // The client looks for late messages once a second.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly string _name;
    private readonly nint _client;
    private readonly ConcurrentDictionary<string, nint> _topics = new(StringComparer.Ordinal);
    private readonly ProducerEvents _events;
    private readonly TimeSpan _deliveryTimeout;
    private readonly ILogger _logger;
    private int _outstanding;
    private int _state;

    /// <param name="producer">Made with the settings of <see cref="Prepare"/>.</param>
    /// <param name="deliveryTimeout">How long a message may wait for its report.</param>
    /// <param name="failed">Takes the client's errors; on the client's thread.</param>
    /// <param name="logger">Where it is told that the client does not close.</param>
    /// <exception cref="NotSupportedException">Confluent.Kafka keeps its client elsewhere, or it is another librdkafka's.</exception>
    public ProducerClient(IProducer<byte[], byte[]> producer, TimeSpan deliveryTimeout, Action<ProducerClient, Error> failed, ILogger logger)
    {
        _producer = producer;
        _name = producer.Name;
        _deliveryTimeout = deliveryTimeout;
        _logger = logger;
        Librdkafka.RequireSame(NativeProducer.Version(), Library.Version);
        _client = NativeProducer.ClientOf(producer);
        Admin = new DependentAdminClientBuilder(producer.Handle).Build();
        EnableTokenRefresh();
        _events = new ProducerEvents(_client, _name, error => failed(this, error), Ended);
    }

    /// <summary>On the producer's connections.</summary>
    public IAdminClient Admin { get; }

    /// <summary>What the client must be made with.</summary>
    public static void Prepare(ProducerConfig config)
    {
        // Confluent.Kafka would take the reports for those of its own Produce.
        config.EnableDeliveryReports = false;
        config.EnableBackgroundPoll = false;
        config.Set("enabled_events", $"{NativeProducer.DeliveryReports | NativeProducer.Error}");

        // Among the events a token's end would reach none of Confluent.Kafka's handlers.
        config.Set("enable_sasl_queue", "true");
    }

    /// <summary>Hands a message to the client, which reports to the delivery.</summary>
    /// <returns>False when the client is closed: another one may have taken its place.</returns>
    public bool TryProduce(string topic, Partition partition, RecordBuffer record, Delivery delivery, out Error? error)
    {
        error = null;

        // Before the look whether it is closed: while it is above zero, nothing is destroyed.
        Interlocked.Increment(ref _outstanding);
        if (Volatile.Read(ref _state) != Open)
        {
            Ended();
            return false;
        }

        error = Produce(topic, partition, record, delivery);
        if (error is not null)
            Ended();

        return true;
    }

    /// <summary>
    /// Waits until every message has its report, which takes no longer than the delivery timeout, and closes. While a thread holds a message up, the client
    /// stays: it closes when that thread goes on.
    /// </summary>
    public void Dispose()
    {
        // With a fence, so that either this sees a caller's message or the caller that it is closed.
        if (Interlocked.CompareExchange(ref _state, Draining, Open) != Open)
            return;

        if (!Drain(_deliveryTimeout + Grace))
        {
            // What is taken back is reported too.
            _ = NativeProducer.Purge(_client, NativeProducer.PurgeAll);

            // Then a thread is held up: a caller's between here and the client, or the one that takes the reports.
            if (!Drain(Grace))
            {
                // Whoever ends the last one closes, unless it has ended just now.
                Interlocked.Exchange(ref _state, Left);
                if (Volatile.Read(ref _outstanding) is > 0 and var messages)
                    LogLeft(_logger, _name, messages);
                else
                    CloseLeft();

                return;
            }
        }

        Close();
    }

    /// <summary>A message has its report, or was not taken.</summary>
    private void Ended()
    {
        // Not here: it may be the thread that takes the reports, which must not wait for itself.
        if (Interlocked.Decrement(ref _outstanding) == 0 && Volatile.Read(ref _state) == Left)
            Task.Run(CloseLeft);
    }

    private void CloseLeft()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Left) != Left)
            return;

        Close();
        LogClosed(_logger, _name);
    }

    private void Close()
    {
        _events.Dispose();
        foreach (var topic in _topics.Values)
            NativeProducer.DestroyTopic(topic);

        Admin.Dispose();
        _producer.Dispose();
    }

    private Error? Produce(string topic, Partition partition, RecordBuffer record, Delivery delivery)
    {
        if (!_topics.TryGetValue(topic, out var handle) && !TryOpen(topic, out handle, out var refusal))
            return refusal;

        var kept = delivery.Keep();
        var error = record.Produce(_client, handle, partition, kept);
        if (error == 0)
            return null;

        Delivery.Take(kept);
        var told = new Error(NativeProducer.CodeOf(error), Marshal.PtrToStringUTF8(NativeProducer.TextOf(error)), NativeProducer.IsFatal(error) != 0);
        NativeProducer.DestroyError(error);
        return told;
    }

    private bool TryOpen(string topic, out nint handle, out Error? error)
    {
        error = null;
        lock (_topics)
        {
            if (_topics.TryGetValue(topic, out handle))
                return true;

            handle = NativeProducer.NewTopic(_client, topic, 0);
            if (handle != 0)
                return _topics.TryAdd(topic, handle);
        }

        error = new Error(NativeProducer.LastError());
        return false;
    }

    /// <summary>Whether every message has its report before the time is over.</summary>
    private bool Drain(TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _outstanding) > 0)
        {
            if (Stopwatch.GetElapsedTime(started) > time)
                return false;

            // It returns at once while a caller is about to hand a message over.
            _producer.Flush(TimeSpan.FromMilliseconds(100));
            Thread.Yield();
        }

        return true;
    }

    /// <summary>Lets the client's background thread call the handler of SASL's tokens.</summary>
    private void EnableTokenRefresh()
    {
        var error = NativeProducer.EnableBackgroundSaslCallbacks(_client);
        if (error == 0)
            return;

        var code = NativeProducer.CodeOf(error);
        NativeProducer.DestroyError(error);

        // Without such a mechanism.
        if (code != ErrorCode.Local_NotConfigured)
            throw new KafkaException(code);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The Kafka client {Client} stays open: {Messages} of its messages are held up, by a listener to metrics or a thread that does not go on. "
            + "It closes with the last of them.")]
    private static partial void LogLeft(ILogger logger, string client, int messages);

    [LoggerMessage(Level = LogLevel.Information, Message = "The Kafka client {Client}, which stayed open, is closed.")]
    private static partial void LogClosed(ILogger logger, string client);
}
