using Confluent.Kafka;
using IotBus.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IotBus.Kafka.Tests;

/// <summary>The rider's producer without a rider.</summary>
internal static class Producers
{
    public static KafkaProducer Start(KafkaServer kafka, ProducerSettings? settings = null, ILogger? logger = null) =>
        Start(new ClientConfig { BootstrapServers = kafka.BootstrapServers }, settings, logger);

    public static KafkaProducer Start(
        ClientConfig client, ProducerSettings? settings = null, ILogger? logger = null, Action<IClient, string>? refreshToken = null) =>
        new(client, settings ?? new ProducerSettings(), new ProducerConfig(), guard: null, refreshToken, logger ?? NullLogger.Instance);

    public static Message<byte[], byte[]> Message(byte[]? key = null, byte[]? value = null, Headers? headers = null) =>
        new() { Key = key!, Value = value!, Headers = headers! };
}
