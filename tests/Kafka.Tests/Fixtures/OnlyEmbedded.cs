using IotBus.Kafka.Embedded;
using IotBus.Testing;

namespace IotBus.Kafka.Tests;

internal static class OnlyEmbedded
{
    /// <summary>The embedded broker, for a test that injects faults.</summary>
    public static EmbeddedKafka Faults(KafkaServer kafka) =>
        kafka.Embedded ?? throw new InvalidOperationException("Mark the test [EmbeddedKafkaFact], so that it is skipped on a real cluster.");
}
