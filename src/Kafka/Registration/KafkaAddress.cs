namespace IotBus.Kafka;

/// <summary>Addresses as MassTransit's own rider makes them: <c>loopback://localhost/kafka/sensor-telemetry</c>.</summary>
internal static class KafkaAddress
{
    public static Uri OfTopic(Uri host, string topic) =>
        new UriBuilder { Scheme = host.Scheme, Host = host.Host, Port = host.Port, Path = $"kafka/{topic}" }.Uri;

    /// <summary>Patterns of topics are escaped.</summary>
    public static Uri OfEndpoint(Uri host, IEnumerable<string> topics, string group) =>
        OfTopic(host, $"{string.Join('+', topics.Select(Uri.EscapeDataString))}/{Uri.EscapeDataString(group)}");
}
