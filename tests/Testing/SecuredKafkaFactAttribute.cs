using Xunit;

namespace IotBus.Testing;

/// <summary>A test of what only a secured cluster can do; reported as skipped where <c>IOTBUS_TEST_KAFKA_CONFIG</c> names none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SecuredKafkaFactAttribute : FactAttribute
{
    public SecuredKafkaFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("IOTBUS_TEST_KAFKA_CONFIG") is not { Length: > 0 })
            Skip = "It needs a cluster with SASL and TLS: name a properties file in IOTBUS_TEST_KAFKA_CONFIG.";
    }
}
