using System.Buffers;

namespace IotBus.MongoDb;

/// <summary>MongoDB's rules for names of databases and collections.</summary>
internal static class MongoNames
{
    private const int LongestDatabase = 63;
    private const int LongestCollection = 235;

    private static readonly SearchValues<char> NotInDatabases = SearchValues.Create("/\\. \"$*<>:|?\0");

    public static void RequireDatabase(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > LongestDatabase || name.AsSpan().ContainsAny(NotInDatabases))
            throw new ArgumentException($"'{name}' is no name of a database.", nameof(name));
    }

    public static void RequireCollection(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > LongestCollection || name.AsSpan().ContainsAny('$', '\0') || name[0] == '.' || name[^1] == '.')
            throw new ArgumentException($"'{name}' is no name of a collection.", nameof(name));
    }
}
