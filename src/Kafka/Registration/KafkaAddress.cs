namespace IotBus.Kafka;

/// <summary>
/// Addresses as MassTransit's own rider makes them: <c>loopback://localhost/kafka/sensor-telemetry</c>. They are taken for whichever host: what an outbox holds
/// was written down when the bus was perhaps on another one, and there is one Kafka.
/// </summary>
internal static class KafkaAddress
{
    private const string Prefix = "/kafka/";

    // No topic has a colon in its name.
    private const string GroupPrefix = "group:";

    public static Uri OfTopic(Uri host, string topic) =>
        new UriBuilder { Scheme = host.Scheme, Host = host.Host, Port = host.Port, Path = $"kafka/{topic}" }.Uri;

    /// <summary>Patterns of topics are escaped.</summary>
    public static Uri OfEndpoint(Uri host, IEnumerable<string> topics, string group) =>
        OfTopic(host, $"{string.Join('+', topics.Select(Uri.EscapeDataString))}/{Uri.EscapeDataString(group)}");

    /// <summary>
    /// By what an outbox knows an endpoint: its group alone, so that what is stored finds it again when its topics have changed. Endpoints of one group share it.
    /// </summary>
    public static Uri OfGroup(Uri host, string group) => OfTopic(host, GroupPrefix + Uri.EscapeDataString(group));

    /// <summary>The group of an endpoint's address: of the form that <see cref="OfGroup"/> makes, or <see cref="OfEndpoint"/>.</summary>
    public static bool TryGetGroup(Uri address, out string group)
    {
        group = "";
        if (!address.IsAbsoluteUri || !address.AbsolutePath.StartsWith(Prefix, StringComparison.Ordinal))
            return false;

        var name = address.AbsolutePath[Prefix.Length..];
        if (name.StartsWith(GroupPrefix, StringComparison.Ordinal))
            group = Uri.UnescapeDataString(name[GroupPrefix.Length..]);
        else if (name.IndexOf('/') is var slash && slash > 0)
            group = Uri.UnescapeDataString(name[(slash + 1)..]);

        return group.Length > 0;
    }

    /// <summary>The first topic, or pattern, of an address that <see cref="OfEndpoint"/> made; null for another.</summary>
    public static string? FirstTopicOf(Uri endpoint) => endpoint.AbsolutePath[Prefix.Length..].Split('/') is [var topics, _]
        ? Uri.UnescapeDataString(topics.Split('+')[0])
        : null;

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
