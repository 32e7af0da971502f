using System.Buffers.Binary;
using System.Text;

namespace IotBus.Kafka;

/// <summary>How keys of the usual types become bytes: as Confluent's serializers do it, so that other clients agree.</summary>
internal static class KeyBytes
{
    /// <summary>Returns null for a type that has no usual form.</summary>
    public static Func<TKey, byte[]?>? SerializerFor<TKey>()
    {
        object? serializer = null;
        if (typeof(TKey) == typeof(string))
            serializer = (Func<string?, byte[]?>)(key => key is null ? null : Encoding.UTF8.GetBytes(key));
        else if (typeof(TKey) == typeof(byte[]))
            serializer = (Func<byte[]?, byte[]?>)(key => key);
        else if (typeof(TKey) == typeof(Guid))
            serializer = (Func<Guid, byte[]?>)GuidText.ToBytes;
        else if (typeof(TKey) == typeof(int))
            serializer = (Func<int, byte[]?>)Int32;
        else if (typeof(TKey) == typeof(long))
            serializer = (Func<long, byte[]?>)Int64;

        return (Func<TKey, byte[]?>?)serializer;
    }

    private static byte[] Int32(int key)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, key);
        return bytes;
    }

    private static byte[] Int64(long key)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, key);
        return bytes;
    }
}
