namespace IotBus.MongoDb;

/// <summary>The codes of MongoDB's errors that this library acts on (src/mongo/base/error_codes.yml of the server).</summary>
internal static class MongoCodes
{
    public const int NamespaceNotFound = 26;
    public const int NamespaceExists = 48;
    public const int MaxTimeExpired = 50;
    public const int CursorNotFound = 43;
    public const int DuplicateKey = 11000;

    public static bool IsDuplicateKey(int code) => code is DuplicateKey or 11001 or 12582;

    /// <summary>Codes after which a read or a numbered write may be sent once more: those of the retryable reads and writes specifications.</summary>
    public static bool IsRetryable(int code) => code is
        6 or 7 or 89 or 91 or 134 or 189 or 262 or 9001 or 10107 or 11600 or 11602 or 13435 or 13436;

    /// <summary>
    /// The above, and write conflicts (112), lock timeouts (24), snapshots that are gone (246) or unavailable (46), and collections of which an index is being
    /// built (12587) or that somebody else is changing (117).
    /// </summary>
    public static bool IsTransient(int code) => IsRetryable(code) || code is 24 or 46 or 112 or 117 or 246 or 12587;
}
