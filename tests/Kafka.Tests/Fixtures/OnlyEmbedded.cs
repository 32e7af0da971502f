using IotBus.Kafka.Embedded;
using IotBus.Testing;
using Xunit.Sdk;

namespace IotBus.Kafka.Tests;

internal static class OnlyEmbedded
{
    /// <summary>The embedded broker, for tests that inject faults; on a real one the test is reported as skipped.</summary>
    public static EmbeddedKafka Faults(KafkaServer kafka) =>
        kafka.Embedded ?? throw SkipException.ForSkip("Faults can be injected into the embedded broker only.");
}
