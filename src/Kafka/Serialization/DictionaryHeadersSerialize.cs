namespace IotBus.Kafka;

/// <summary>
/// The header serializers that apply where no others are set: UTF-8 text by name, as MassTransit's own Kafka rider has it. To be wrapped by one's
/// own. Thread-safe.
/// </summary>
public static class DictionaryHeadersSerialize
{
    /// <summary>Text as UTF-8; of several headers of a name the first counts. A header is decoded when it is asked for.</summary>
    public static IHeadersDeserializer Deserializer { get; } = new DictionaryHeadersDeserializer();

    /// <summary>
    /// The headers that were set on the context, then its identifiers and addresses, its type and the trace. Strings, numbers, dates, GUIDs and URIs
    /// are text; other values are JSON.
    /// </summary>
    public static IHeadersSerializer Serializer { get; } = new DictionaryHeadersSerializer();
}
