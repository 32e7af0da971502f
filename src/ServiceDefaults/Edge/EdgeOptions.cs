namespace IotBus.ServiceDefaults.Edge;

/// <summary>Who knows the callers: the service itself, or a Kong in front of it.</summary>
public enum EdgeMode
{
    /// <summary>The service asks for the key and limits the rate itself. What a caller says in <c>X-Consumer-*</c> is ignored.</summary>
    Embedded,

    /// <summary>Kong has done both, and nothing but Kong can reach the service: <c>X-Consumer-*</c> is trusted.</summary>
    Kong,
}

/// <summary>The configuration section <c>Edge</c>.</summary>
public sealed class EdgeOptions
{
    public EdgeMode Mode { get; set; } = EdgeMode.Embedded;

    /// <summary>Who may call, in <see cref="EdgeMode.Embedded"/>.</summary>
    public IList<EdgeConsumerOptions> Consumers { get; } = [];

    /// <summary>
    /// Requests a second that a consumer of a group may send; a consumer of a group without an entry may send as many as one of
    /// <see cref="EdgeGroups.Device"/>.
    /// </summary>
    public IDictionary<string, int> Limits { get; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [EdgeGroups.Device] = 5,
        [EdgeGroups.Gateway] = 10_000,
        [EdgeGroups.Operator] = 100,
    };
}

/// <summary>One entry of <c>Edge:Consumers</c>.</summary>
public sealed class EdgeConsumerOptions
{
    public string Username { get; set; } = "";

    public string Group { get; set; } = EdgeGroups.Device;

    /// <summary>Keys in the clear.</summary>
    public IList<string> Keys { get; } = [];

    /// <summary>Keys as the SHA-256 of their UTF-8 bytes, 64 hexadecimal digits, for configuration that must not hold secrets.</summary>
    public IList<string> KeySha256 { get; } = [];

    /// <summary>Requests a second for this consumer alone; null for the limit of its group.</summary>
    public int? RequestsPerSecond { get; set; }
}

/// <summary>The groups that rules speak of.</summary>
public static class EdgeGroups
{
    /// <summary>A single device: it speaks for itself only.</summary>
    public const string Device = "device";

    /// <summary>Collects from many devices and speaks for any of them.</summary>
    public const string Gateway = "gateway";

    /// <summary>Reads reports.</summary>
    public const string Operator = "operator";
}
