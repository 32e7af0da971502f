namespace IotBus.Bus;

/// <summary>What an address of a bus names, wherever that bus was when the address was written down.</summary>
/// <param name="Name">Of the queue, or of the exchange.</param>
/// <param name="IsQueue">Whether a queue must take the message; an exchange may have nobody behind it.</param>
internal readonly record struct BusAddress(string Name, bool IsQueue)
{
    /// <summary>What no virtual host may be called.</summary>
    public const string TopicsFolder = "kafka";

    private static readonly string[] Schemes = ["rabbitmq", "rabbitmqs", "amqp", "amqps", "loopback"];

    /// <summary>
    /// Whether this is an address of RabbitMQ or of a bus in memory: <c>scheme://host[/vhost]/name?bind=true</c>, where <c>bind</c> stands for a queue. A
    /// rider's topics are behind <c>/kafka/</c>.
    /// </summary>
    public static bool IsOne(Uri address) => address.IsAbsoluteUri
        && Schemes.Contains(address.Scheme, StringComparer.OrdinalIgnoreCase)
        && !address.AbsolutePath.StartsWith($"/{TopicsFolder}/", StringComparison.Ordinal);

    public static BusAddress Parse(Uri address)
    {
        var name = Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]);
        var isQueue = address.Query.TrimStart('?').Split('&').Contains("bind=true", StringComparer.OrdinalIgnoreCase);
        return new BusAddress(name, isQueue);
    }
}
