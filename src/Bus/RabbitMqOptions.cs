namespace IotBus.Bus;

/// <summary>Settings of the section <c>Bus:RabbitMq</c>.</summary>
public sealed class RabbitMqOptions
{
    public const string Section = "Bus:RabbitMq";

    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    /// <summary>The broker's name or address, or that of what stands before a cluster.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port, 1–65535; 5672, or 5671 with TLS, when null.</summary>
    public int? Port { get; set; }

    /// <summary>The virtual host, which must be there.</summary>
    public string VirtualHost { get; set; } = "/";

    /// <summary>Who logs in. The user needs the rights to configure, write and read in the virtual host.</summary>
    public string Username { get; set; } = "";

    /// <summary>That user's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>Whether the connection is encrypted, and the broker's certificate checked.</summary>
    public bool Tls { get; set; }

    /// <summary>A PEM file with the authorities that may have signed the broker's certificate; the system's when null.</summary>
    public string? CaLocation { get; set; }

    /// <summary>The name in the broker's certificate; <see cref="Host"/> when null.</summary>
    public string? ServerName { get; set; }

    /// <summary>
    /// How many of the cluster's nodes hold a queue, at least 1; as many as the cluster chooses when null. Fixed when a queue is declared for the first time.
    /// </summary>
    public int? QuorumSize { get; set; }

    internal int EffectivePort => Port ?? (Tls ? TlsPort : PlainPort);

    /// <summary>What is wrong, each with what to change.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Host))
            yield return $"{Section}:Host is not set: name the broker, or set {BusOptions.Section}:Transport to InMemory.";
        else if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
            yield return $"{Section}:Host is no host name or address: give it alone, without scheme and port.";

        if (Port is < 1 or > 65535)
            yield return $"{Section}:Port is {Port}: it must be 1–65535.";

        if (string.IsNullOrEmpty(VirtualHost))
            yield return $"{Section}:VirtualHost is empty: name it, or take the setting out for '/'.";
        else if (VirtualHost == BusAddress.TopicsFolder)
            yield return $"{Section}:VirtualHost is {VirtualHost}: addresses in it would look like those of Kafka's topics; use another.";

        if (string.IsNullOrEmpty(Username) || string.IsNullOrEmpty(Password))
            yield return $"{Section}:Username or {Section}:Password is not set: set both.";

        if (QuorumSize < 1)
            yield return $"{Section}:QuorumSize is {QuorumSize}: it must be at least 1, or not set.";

        if (!Tls && (!string.IsNullOrEmpty(CaLocation) || !string.IsNullOrEmpty(ServerName)))
            yield return $"{Section}:CaLocation or ServerName is set, but without {Section}:Tls nothing is encrypted: set it to true, or take them out.";
        else if (!string.IsNullOrEmpty(CaLocation) && !File.Exists(CaLocation))
            yield return $"{Section}:CaLocation names {CaLocation}, which is not there.";
    }
}
