using Xunit;

namespace IotBus.Testing;

/// <summary>A test that injects faults into the broker or makes it anew: reported as skipped on a real cluster.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmbeddedKafkaFactAttribute : FactAttribute
{
    public EmbeddedKafkaFactAttribute() => Skip = KafkaServer.WhyNotEmbedded;
}
