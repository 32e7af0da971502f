namespace IotBus.MongoDb;

/// <summary>MongoDB's bounds on documents.</summary>
public static class BsonLimits
{
    /// <summary>How many bytes a stored document may have: 16 MiB.</summary>
    public const int MaxStoredDocument = 16 * 1024 * 1024;

    /// <summary>How many bytes a command or a reply may have: 16 MiB, and the 16 KiB that the server allows on top for what is its own.</summary>
    public const int MaxDocument = MaxStoredDocument + (16 * 1024);

    /// <summary>How deep documents may be nested.</summary>
    public const int MaxDepth = 100;

    /// <summary>The bytes of the empty document, the smallest there is.</summary>
    internal const int MinDocument = 5;
}
