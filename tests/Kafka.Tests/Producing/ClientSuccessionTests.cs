using System.Collections.Concurrent;
using Confluent.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging;

namespace IotBus.Kafka.Tests;

/// <summary>What comes after a client that met a fatal error, and when.</summary>
public sealed class ClientSuccessionTests : IDisposable
{
    private const string Topic = "readings";

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly LogCollector _log = new();

    [Fact]
    public async Task Clients_that_fail_one_after_the_other_follow_ever_more_slowly_and_are_told_of_once()
    {
        Librdkafka.EnsureLoaded();
        var made = new ConcurrentDictionary<string, bool>();
        using var producer = Start(Producers.WithTokens(), client =>
        {
            if (made.TryAdd(client.Name, true))
                FatalErrors.Raise(client);
        });
        await Eventually.TrueAsync(() => _time.Waiting == 1);
        Assert.Equal(2, made.Count);

        foreach (var seconds in (int[])[1, 2, 4, 8, 15, 15])
        {
            var before = made.Count;
            Assert.Equal(ProduceFailure.Refused, Producers.FailureOf(producer.Produce(Topic, Producers.Message(value: [1]))));

            _time.Advance(TimeSpan.FromSeconds(0.79 * seconds));
            Assert.Equal(before, made.Count);

            _time.Advance(TimeSpan.FromSeconds(0.42 * seconds));
            await Eventually.TrueAsync(() => _time.Waiting == 1);
            Assert.Equal(before + 1, made.Count);
        }

        var told = Assert.Single(_log.Lines, line => line.Level >= LogLevel.Warning && line.Text.Contains("is replaced", StringComparison.Ordinal));
        Assert.StartsWith("Producing to Kafka at 127.0.0.1:1: test_fatal_error: raised.", told.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, line => line.Level == LogLevel.Critical);
        Assert.Equal(0, producer.Queued);
    }

    [EmbeddedKafkaFact]
    public async Task After_an_acknowledged_message_a_client_that_fails_is_replaced_at_once_again()
    {
        await using var kafka = await KafkaServer.StartAsync();
        var topic = await kafka.CreateTopicAsync(Topic);
        var broker = OnlyEmbedded.Faults(kafka);
        broker.FailRequests(Embedded.KafkaRequest.InitProducerId, ErrorCode.ClusterAuthorizationFailed, ErrorCode.ClusterAuthorizationFailed);
        using var producer = Producers.Start(kafka, logger: _log.CreateLogger("producer"), clock: _time);
        await Eventually.TrueAsync(() => _time.Waiting == 1);

        _time.Advance(TimeSpan.FromSeconds(1.21));
        await producer.Produce(topic, Producers.Message(value: [1])).WaitAsync(Eventually.DefaultDeadline);
        broker.FailRequests(Embedded.KafkaRequest.Produce, ErrorCode.OutOfOrderSequenceNumber);
        await Assert.ThrowsAsync<TopicProduceException>(() => producer.Produce(topic, Producers.Message(value: [2])).WaitAsync(Eventually.DefaultDeadline));
        await Eventually.PassesAsync(() => producer.Produce(topic, Producers.Message(value: [3])).WaitAsync(Eventually.DefaultDeadline));

        Assert.Equal(0, _time.Waiting);
        var told = _log.Lines.Where(line => line.Level >= LogLevel.Information && line.Text.StartsWith($"Producing to Kafka at {kafka.BootstrapServers}", StringComparison.Ordinal));
        Assert.Equal([LogLevel.Error, LogLevel.Information, LogLevel.Error, LogLevel.Information], told.Select(line => line.Level));
        Assert.Equal([1, 3], RawConsumer.Read(kafka, topic, 2).Select(message => message.Message.Value[0]));
    }

    [Fact]
    public async Task A_client_that_cannot_be_made_is_told_and_made_later_and_messages_are_refused_until_then()
    {
        Librdkafka.EnsureLoaded();
        await using var broker = new TlsBroker();
        var certificate = await File.ReadAllTextAsync(broker.Authority);
        var (client, made) = (Producers.WithTokens(), new ConcurrentDictionary<string, bool>());
        (client.SecurityProtocol, client.SslCaLocation) = (SecurityProtocol.SaslSsl, broker.Authority);
        using var producer = Start(client, asking =>
        {
            if (!made.TryAdd(asking.Name, true) || made.Count > 1)
                return;

            File.Delete(broker.Authority);
            FatalErrors.Raise(asking);
        });

        await Eventually.TrueAsync(() => _time.Waiting == 1);
        var refused = producer.Produce(Topic, Producers.Message(value: [1]));

        Assert.Equal((ProduceFailure.Refused, 0), (Producers.FailureOf(refused), producer.Queued));
        var told = Assert.Single(_log.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("No client could be made", StringComparison.Ordinal));
        Assert.Contains("ssl.ca.location", told.Text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(broker.Authority, certificate);
        _time.Advance(TimeSpan.FromSeconds(1.21));
        await Eventually.TrueAsync(() => made.Count == 2);
    }

    public void Dispose() => _log.Dispose();

    private KafkaProducer Start(ClientConfig client, Action<IClient> asked) =>
        Producers.Start(client, logger: _log.CreateLogger("producer"), refreshToken: (asking, _) => asked(asking), clock: _time);
}
