using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Confluent's deserializers of the types that have one, and one of GUIDs.</summary>
internal static class DefaultDeserializers
{
    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(Null)] = Deserializers.Null,
        [typeof(Ignore)] = Deserializers.Ignore,
        [typeof(string)] = Deserializers.Utf8,
        [typeof(byte[])] = Deserializers.ByteArray,
        [typeof(int)] = Deserializers.Int32,
        [typeof(long)] = Deserializers.Int64,
        [typeof(float)] = Deserializers.Single,
        [typeof(double)] = Deserializers.Double,
        [typeof(Guid)] = new GuidDeserializer(),
    };

    public static IDeserializer<T>? Find<T>() => (IDeserializer<T>?)ByType.GetValueOrDefault(typeof(T));
}
