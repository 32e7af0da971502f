namespace IotBus.Kafka;

/// <summary>
/// Addresses as MassTransit's own rider makes them: <c>loopback://localhost/kafka/sensor-telemetry</c>. They are taken for whichever host: what an outbox holds
/// was written down when the bus was perhaps on another one, and there is one Kafka.
/// </summary>
internal static class KafkaAddress
{
    private const string Prefix = "/kafka/";

    public static Uri OfTopic(Uri host, string topic) =>
        new UriBuilder { Scheme = host.Scheme, Host = host.Host, Port = host.Port, Path = $"kafka/{topic}" }.Uri;

    /// <summary>Patterns of topics are escaped.</summary>
    public static Uri OfEndpoint(Uri host, IEnumerable<string> topics, string group) =>
        OfTopic(host, $"{string.Join('+', topics.Select(Uri.EscapeDataString))}/{Uri.EscapeDataString(group)}");

    /// <summary>Whether an address is of the form that <see cref="OfEndpoint"/> makes.</summary>
    public static bool IsEndpoint(Uri address) =>
        address.IsAbsoluteUri && address.AbsolutePath.StartsWith(Prefix, StringComparison.Ordinal)
        && address.AbsolutePath.IndexOf('/', Prefix.Length) > Prefix.Length;

    /// <summary>The first topic, or pattern, of an endpoint's address.</summary>
    public static string FirstTopicOf(Uri endpoint) => Uri.UnescapeDataString(endpoint.AbsolutePath[Prefix.Length..].Split('/')[0].Split('+')[0]);

    /// <summary>The topic that an address names: <c>topic:name</c>, or what <see cref="OfTopic"/> makes.</summary>
    public static bool TryGetTopic(Uri address, out string topic)
    {
        topic = address switch
        {
            { IsAbsoluteUri: false } => "",
            { Scheme: "topic" } => address.AbsolutePath.TrimStart('/'),
            _ when address.AbsolutePath.StartsWith(Prefix, StringComparison.Ordinal) => address.AbsolutePath[Prefix.Length..],
            _ => "",
        };
        return TopicName.IsValid(topic);
    }
}
