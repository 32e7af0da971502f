using Xunit;

namespace IotBus.Testing;

/// <summary>A test on RabbitMQ: reported as skipped where there is none and none can be started.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RabbitMqFactAttribute : FactAttribute
{
    public RabbitMqFactAttribute() => Skip = RabbitMqServer.WhyNot;
}
