namespace IotBus.Persistence;

/// <summary>A class cannot be stored as BSON, or a document cannot be read as the class; the message names the type or the field.</summary>
public sealed class BsonMapException : Exception
{
    internal BsonMapException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
