using Xunit;

namespace IotBus.Testing;

/// <summary>A test that kills the broker, or needs its settings: reported as skipped where it is not the test's own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnRabbitMqFactAttribute : FactAttribute
{
    public OwnRabbitMqFactAttribute() => Skip = RabbitMqServer.WhyNotOwn;
}
