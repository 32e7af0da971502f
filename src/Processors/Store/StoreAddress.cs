namespace IotBus.Processors.Store;

/// <summary>What the guarantee asks of the address of the store.</summary>
internal static class StoreAddress
{
    private const string WriteConcern = "w=";
    private const string ReadPreference = "readPreference=";

    /// <summary>
    /// The address with <c>w=majority</c>: what only one node has may be rolled back after its offsets were committed. Reads go to the primary: another
    /// node may not have yet what an earlier consumer wrote, and it would be written twice.
    /// </summary>
    /// <exception cref="InvalidOperationException">None is set, or it asks for another write concern or read preference.</exception>
    public static string Checked(string? uri)
    {
        if (string.IsNullOrWhiteSpace(uri))
            throw new InvalidOperationException("MongoDb:Uri is not set. Set it, or MONGODB_URI, to the replica set: mongodb://host:27017/?replicaSet=rs0.");

        var query = uri.IndexOf('?', StringComparison.Ordinal);
        var options = query < 0 ? [] : uri[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries);
        var hasWriteConcern = false;
        foreach (var option in options)
        {
            if (option.StartsWith(WriteConcern, StringComparison.OrdinalIgnoreCase))
            {
                hasWriteConcern = true;
                Require(option, WriteConcern, "majority", "what only one node has may be rolled back after it was reported as stored");
            }
            else if (option.StartsWith(ReadPreference, StringComparison.OrdinalIgnoreCase))
            {
                Require(option, ReadPreference, "primary", "another node may lag, and an event would be stored twice");
            }
        }

        if (hasWriteConcern)
            return uri;

        return query >= 0 ? $"{uri}{(options.Length > 0 ? "&" : string.Empty)}{WriteConcern}majority" : $"{uri}{Slash(uri)}?{WriteConcern}majority";
    }

    private static void Require(string option, string name, string value, string why)
    {
        if (!option[name.Length..].Equals(value, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"MongoDb:Uri has {option}: the Processors need {name}{value}, since {why}. Take the option out.");
    }

    // Options follow a path, if only an empty one.
    private static string Slash(string uri) =>
        uri.AsSpan(uri.IndexOf("//", StringComparison.Ordinal) + 2).Contains('/') ? string.Empty : "/";
}
