using System.Collections.Concurrent;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// Stores objects as BSON documents: public properties that can be read and set (or are parameters of the constructor), under their names, or those of
/// <c>[JsonPropertyName]</c>, without those with <c>[JsonIgnore]</c>. What becomes what: docs/exactly-once.md. Thread-safe.
/// </summary>
internal static class BsonMap
{
    private static readonly ConcurrentDictionary<Type, BsonConverter> Converters = new();

    /// <exception cref="BsonMapException">The type, or that of a property, cannot be stored.</exception>
    public static BsonConverter For(Type type) => Converters.GetOrAdd(type, BsonConverters.Make);

    public static BsonValue ToValue(object? value, Type type) => value is null ? BsonValue.Null : For(type).Write(value);

    public static object? FromValue(BsonValue value, Type type)
    {
        if (!value.IsNull)
            return For(Nullable.GetUnderlyingType(type) ?? type).Read(value);

        return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null
            ? null
            : throw new BsonMapException($"A null was stored where a {type.Name} is needed.");
    }
}
