using Xunit;

namespace IotBus.Testing;

/// <summary>A test of what the embedded broker does not do: reported as skipped where <c>IOTBUS_TEST_KAFKA</c> names no real cluster.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealKafkaFactAttribute : FactAttribute
{
    public RealKafkaFactAttribute() => Skip = KafkaServer.WhyNotReal;
}
