namespace IotBus.EndToEnd;

/// <summary>The first host of a MongoDB URI, and the same URI through a relay.</summary>
internal sealed class MongoAddress
{
    private readonly Uri _uri;

    public MongoAddress(string uri)
    {
        // Uri knows one authority only; tests speak to one-node replica sets.
        _uri = new Uri(uri);
    }

    public string Host => _uri.Host;

    public int Port => _uri.Port > 0 ? _uri.Port : 27017;

    /// <summary>The URI of the same server, and only of it, behind a relay's port. Discovery would go past the relay.</summary>
    public string Through(int port)
    {
        var user = _uri.UserInfo.Length > 0 ? _uri.UserInfo + "@" : string.Empty;
        var options = _uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(option => !option.StartsWith("replicaSet=", StringComparison.OrdinalIgnoreCase))
            .Append("directConnection=true");
        return $"mongodb://{user}127.0.0.1:{port}{_uri.AbsolutePath}?{string.Join('&', options)}";
    }
}
