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

        Assert.All(waiting, delivery => Assert.Equal(ProduceFailure.NotAcknowledged, FailureOf(delivery)));
        Assert.Equal(ProduceFailure.NotAcknowledged, FailureOf(producer.Produce(topic, Producers.Message(value: [3]))));
        Assert.Equal(0, producer.Queued);
    }

    [Fact]
    public async Task A_listener_that_throws_keeps_no_delivery_waiting_and_the_reports_after_it_come()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var (topic, other) = (await kafka.CreateTopicAsync("readings"), await kafka.CreateTopicAsync("others"));
        using var producer = Producers.Start(kafka);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, publishing) =>
        {
            if (instrument is { Meter.Name: KafkaMetrics.MeterName, Name: "iotbus_produce_seconds" })
                publishing.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (topic.Equals(tags[0].Value))
                throw new InvalidOperationException("the listener");
        });
        listener.Start();

        var told = await Assert.ThrowsAnyAsync<Exception>(() => producer.Produce(topic, Producers.Message(value: [1])).WaitAsync(Eventually.DefaultDeadline));
        await producer.Produce(other, Producers.Message(value: [2])).WaitAsync(Eventually.DefaultDeadline);

        Assert.Contains("the listener", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_asked_for_by_the_client_that_needs_it()
    {
        Librdkafka.EnsureLoaded();
        var asked = new TaskCompletionSource<(string Client, string Config)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var producer = Producers.Start(
            WithTokens(),
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
            WithTokens(), logger: log.CreateLogger("producer"), refreshToken: (_, _) => throw new InvalidOperationException("the tokens are away"));

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

    private static ClientConfig WithTokens() => new()
    {
        BootstrapServers = "127.0.0.1:1",
        SecurityProtocol = SecurityProtocol.SaslPlaintext,
        SaslMechanism = SaslMechanism.OAuthBearer,
        SaslOauthbearerConfig = "scope=readings",
    };

    private static ProduceFailure FailureOf(Task delivery) => Assert.IsType<TopicProduceException>(delivery.Exception!.InnerException).Failure;

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
