using Confluent.Kafka;

namespace IotBus.Kafka;

/// <summary>Confluent's serializers of the types that have one.</summary>
internal static class DefaultSerializers
{
    private static readonly Dictionary<Type, object> ByType = new()
    {
        [typeof(Null)] = Serializers.Null,
        [typeof(string)] = Serializers.Utf8,
        [typeof(byte[])] = Serializers.ByteArray,
        [typeof(int)] = Serializers.Int32,
        [typeof(long)] = Serializers.Int64,
        [typeof(float)] = Serializers.Single,
        [typeof(double)] = Serializers.Double,
    };

    public static ISerializer<T>? Find<T>() => (ISerializer<T>?)ByType.GetValueOrDefault(typeof(T));
}
