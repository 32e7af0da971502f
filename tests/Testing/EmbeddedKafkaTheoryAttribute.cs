using Xunit;

namespace IotBus.Testing;

/// <summary>A test with data that injects faults into the broker or makes it anew: reported as skipped on a real cluster.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmbeddedKafkaTheoryAttribute : TheoryAttribute
{
    public EmbeddedKafkaTheoryAttribute() => Skip = KafkaServer.WhyNotEmbedded;
}
