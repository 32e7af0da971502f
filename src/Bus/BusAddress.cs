using MassTransit;

namespace IotBus.Bus;

/// <summary>What an address of a bus names, wherever that bus was when the address was written down.</summary>
/// <param name="Exchange">Where the message goes: the exchange of that name here. Of a queue too, since an address of the queue would declare it, as a classic one.</param>
/// <param name="NeedsQueue">Whether a queue must take the message; another exchange may have nobody behind it.</param>
internal readonly record struct BusAddress(Uri Exchange, bool NeedsQueue)
{
    /// <summary>What no virtual host may be called.</summary>
    public const string TopicsFolder = "kafka";

    private const string InMemoryScheme = "loopback";

    private static readonly string[] Schemes = ["rabbitmq", "rabbitmqs", "amqp", "amqps", InMemoryScheme];

    // Of the queue behind the exchange. What else there is belongs to the exchange, which is there already and cannot be declared otherwise.
    private static readonly string[] OfQueues = ["bind", "queue", "singleactiveconsumer"];

    /// <summary>
    /// Whether this is an address of RabbitMQ or of a bus in memory: <c>scheme://host[/vhost]/name?bind=true</c>, where <c>bind</c> stands for a queue. A
    /// rider's topics are behind <c>/kafka/</c>.
    /// </summary>
    public static bool IsOne(Uri address) => address.IsAbsoluteUri
        && Schemes.Contains(address.Scheme, StringComparer.OrdinalIgnoreCase)
        && !address.AbsolutePath.StartsWith($"/{TopicsFolder}/", StringComparison.Ordinal);

    /// <exception cref="NotSupportedException">A publication of a bus in memory, of a generic type: what RabbitMQ would call it cannot be told.</exception>
    public static BusAddress Parse(Uri address)
    {
        var name = Uri.UnescapeDataString(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..]);
        var parameters = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);
        var needsQueue = parameters.Contains("bind=true", StringComparer.OrdinalIgnoreCase);
        if (address.Scheme.Equals(InMemoryScheme, StringComparison.OrdinalIgnoreCase))
        {
            // The exchange type of the bus in memory is written otherwise, and every exchange of ours is the usual one.
            parameters = [];
            if (name.StartsWith(MessageUrn.Prefix, StringComparison.Ordinal))
            {
                name = PublicationName(name[MessageUrn.Prefix.Length..], address);

                // Who consumes it may not have bound his queue yet.
                needsQueue = true;
            }
        }

        var ofExchange = string.Join('&', parameters.Where(parameter => !OfQueues.Contains(parameter.Split('=')[0], StringComparer.OrdinalIgnoreCase)));
        return new BusAddress(new Uri(ofExchange.Length > 0 ? $"exchange:{name}?{ofExchange}" : $"exchange:{name}"), needsQueue);
    }

    /// <summary>In memory a publication goes to the URN of its type, on RabbitMQ to <c>Namespace:Type</c>, and <c>Namespace:Outer-Type</c> of one in another.</summary>
    private static string PublicationName(string type, Uri address) => type.Contains('[', StringComparison.Ordinal)
        ? throw new NotSupportedException($"{address} was published on a bus in memory. It is of a generic type, so it can only be delivered there.")
        : type.Replace('+', '-');
}
