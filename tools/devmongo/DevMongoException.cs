namespace IotBus.DevMongo;

/// <summary>The MongoDB stand-in cannot be started; the message says what to do.</summary>
public sealed class DevMongoException : Exception
{
    public DevMongoException(string message)
        : base(message)
    {
    }

    public DevMongoException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
