using Confluent.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Kafka.Tests;

/// <summary>The rider's producer without a rider.</summary>
internal static class Producers
{
    public static KafkaProducer Start(KafkaServer kafka, ProducerSettings? settings = null, ILogger? logger = null, TimeProvider? clock = null) =>
        Start(new ClientConfig { BootstrapServers = kafka.BootstrapServers }, settings, logger, clock: clock);

    public static KafkaProducer Start(
        ClientConfig client,
        ProducerSettings? settings = null,
        ILogger? logger = null,
        Action<IClient, string>? refreshToken = null,
        TimeProvider? clock = null) =>
        new(
            client,
            settings ?? new ProducerSettings(),
            new ProducerConfig(),
            guard: null,
            refreshToken,
            logger ?? NullLogger.Instance,
            clock ?? TimeProvider.System);

    /// <summary>Where no broker is, and each client asks for a token.</summary>
    public static ClientConfig WithTokens() => new()
    {
        BootstrapServers = "127.0.0.1:1",
        SecurityProtocol = SecurityProtocol.SaslPlaintext,
        SaslMechanism = SaslMechanism.OAuthBearer,
        SaslOauthbearerConfig = "scope=readings",
    };

    public static ProduceFailure FailureOf(Task delivery) => Assert.IsType<TopicProduceException>(delivery.Exception!.InnerException).Failure;

    public static Message<byte[], byte[]> Message(byte[]? key = null, byte[]? value = null, Headers? headers = null) =>
        new() { Key = key!, Value = value!, Headers = headers! };
}
