namespace IotBus.MongoDb;

/// <summary>Bytes are not the BSON that was expected: malformed, out of bounds, too deep, too large, or of another type.</summary>
public sealed class BsonFormatException(string message, Exception? innerException = null) : FormatException(message, innerException);
