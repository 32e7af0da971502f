namespace IotBus.Kafka;

/// <summary>Why the rider itself puts a message aside. What a consumer rejects carries the consumer's own reason.</summary>
public static class DeadLetterReasons
{
    /// <summary>The value is no JSON, or none of its type: a required member is missing, a member has another type.</summary>
    public const string Malformed = "malformed";

    /// <summary>Neither header nor JSON tells a type that the endpoint knows.</summary>
    public const string UnknownType = "unknown_type";

    /// <summary>There is no value, or it is <c>null</c>.</summary>
    public const string NullValue = "null_value";

    /// <summary>Its consumer failed, as often as it was tried.</summary>
    public const string ConsumerFailed = "consumer_failed";

    /// <summary>The endpoint has no consumer for its type.</summary>
    public const string NoConsumer = "no_consumer";
}
