namespace IotBus.Kafka.Tests;

/// <summary>Readings whose particulars do not matter.</summary>
internal static class Some
{
    public static Warmth Warmth(string device = "device", double celsius = 20) =>
        new() { EventId = Guid.NewGuid(), Device = device, Celsius = celsius };
}
