using System.Diagnostics.Metrics;
using Confluent.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>The producer as librdkafka's client has it: what becomes of messages when it fails, closes or must say who it is.</summary>
public sealed class ProducerClientTests
{
    [Fact]
    public void This_version_of_Confluent_Kafka_keeps_its_client_where_it_is_looked_for()
    {
        Librdkafka.EnsureLoaded();
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig()).SetLogHandler((_, _) => { }).Build();

        var client = NativeProducer.ClientOf(producer);

        var topic = NativeProducer.NewTopic(client, "readings", 0);
        Assert.NotEqual(0, topic);
        NativeProducer.DestroyTopic(topic);
    }

    [EmbeddedKafkaFact]
    public async Task A_fatal_error_is_said_and_a_new_client_takes_the_messages()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        OnlyEmbedded.Faults(kafka).FailRequests(Embedded.KafkaRequest.InitProducerId, ErrorCode.ClusterAuthorizationFailed);
        using var log = new LogCollector();
        using var producer = Producers.Start(kafka, logger: log.CreateLogger("producer"));

        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Level == LogLevel.Error && line.Text.Contains("is replaced", StringComparison.Ordinal)));
        await producer.Produce(topic, Producers.Message(value: [1])).WaitAsync(Eventually.DefaultDeadline);

        Assert.Equal([1], Assert.Single(RawConsumer.Read(kafka, topic, 1)).Message.Value);
        Assert.Equal(0, producer.Queued);
    }

    [EmbeddedKafkaFact]
    public async Task A_producer_that_closes_while_the_broker_is_away_ends_every_delivery()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        var producer = Producers.Start(kafka, new ProducerSettings { DeliveryTimeout = TimeSpan.FromSeconds(1) });
        await producer.Produce(topic, Producers.Message(value: [1]));
        OnlyEmbedded.Faults(kafka).TakeDown();
        var waiting = Enumerable.Range(0, 100).Select(_ => producer.Produce(topic, Producers.Message(value: [2]))).ToList();

        producer.Dispose();

        Assert.All(waiting, delivery => Assert.Equal(ProduceFailure.NotAcknowledged, Producers.FailureOf(delivery)));
        Assert.Equal(ProduceFailure.NotAcknowledged, Producers.FailureOf(producer.Produce(topic, Producers.Message(value: [3]))));
        Assert.Equal(0, producer.Queued);
    }

    [Fact]
    public async Task A_listener_that_throws_keeps_no_delivery_waiting_and_the_reports_after_it_come()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, other) = (await kafka.CreateTopicAsync("readings"), await kafka.CreateTopicAsync("others"));
        using var producer = Producers.Start(kafka);
        using var listener = Listen(topic, () => throw new InvalidOperationException("the listener"));

        var told = await Assert.ThrowsAnyAsync<Exception>(() => producer.Produce(topic, Producers.Message(value: [1])).WaitAsync(Eventually.DefaultDeadline));
        await producer.Produce(other, Producers.Message(value: [2])).WaitAsync(Eventually.DefaultDeadline);

        Assert.Contains("the listener", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_whose_reports_are_held_up_says_so_and_closes_when_they_go_on()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        using var log = new LogCollector();
        using var holds = new ManualResetEventSlim();
        using var goes = new ManualResetEventSlim();
        using var listener = Listen(topic, () =>
        {
            holds.Set();
            goes.Wait(Eventually.DefaultDeadline);
        });
        var producer = Producers.Start(kafka, new ProducerSettings { DeliveryTimeout = TimeSpan.FromSeconds(2) }, log.CreateLogger("producer"));
        var delivery = producer.Produce(topic, Producers.Message(value: [1]));
        await Eventually.TrueAsync(() => holds.IsSet);

        producer.Dispose();

        Assert.False(delivery.IsCompleted);
        Assert.Contains("stays open: 1 of its messages", Assert.Single(log.Lines, line => line.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
        goes.Set();
        await delivery.WaitAsync(Eventually.DefaultDeadline);
        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Text.EndsWith("which stayed open, is closed.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_token_is_asked_for_by_the_client_that_needs_it()
    {
        Librdkafka.EnsureLoaded();
        var asked = new TaskCompletionSource<(string Client, string Config)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var producer = Producers.Start(
            Producers.WithTokens(),
            refreshToken: (client, config) => asked.TrySetResult((client.Name, config)));

        var (name, config) = await asked.Task.WaitAsync(Eventually.DefaultDeadline);

        Assert.Contains("#producer-", name, StringComparison.Ordinal);
        Assert.Equal("scope=readings", config);
    }

    [Fact]
    public async Task A_handler_of_tokens_that_fails_is_told_once_with_its_reason()
    {
        Librdkafka.EnsureLoaded();
        using var log = new LogCollector();
        using var producer = Producers.Start(
            Producers.WithTokens(), logger: log.CreateLogger("producer"), refreshToken: (_, _) => throw new InvalidOperationException("the tokens are away"));

        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Level == LogLevel.Error && line.Text.Contains("the tokens are away", StringComparison.Ordinal)));
    }

    [EmbeddedKafkaFact]
    public async Task A_log_that_fails_keeps_no_report_back()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync("readings");
        var broker = OnlyEmbedded.Faults(kafka);
        var log = new FailingLog();
        using var producer = Producers.Start(kafka, logger: log);
        await producer.Produce(topic, Producers.Message(value: [1])).WaitAsync(Eventually.DefaultDeadline);

        broker.TakeDown();
        await Eventually.TrueAsync(() => log.Failures > 0);
        broker.BringUp();

        await Eventually.PassesAsync(() => producer.Produce(topic, Producers.Message(value: [2])).WaitAsync(Eventually.DefaultDeadline));
    }

    /// <summary>Hears of each message that is acknowledged, on the thread that takes the reports.</summary>
    private static MeterListener Listen(string topic, Action acknowledged)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, publishing) =>
            {
                if (instrument is { Meter.Name: KafkaMetrics.MeterName, Name: "iotbus_produce_seconds" })
                    publishing.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (topic.Equals(tags[0].Value))
                acknowledged();
        });
        listener.Start();
        return listener;
    }

    /// <summary>Fails with what is said of the brokers.</summary>
    private sealed class FailingLog : ILogger
    {
        private int _failures;

        public int Failures => Volatile.Read(ref _failures);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _failures);
            throw new InvalidOperationException("the log");
        }
    }
}
