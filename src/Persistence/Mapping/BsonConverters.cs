using System.Collections;
using System.Globalization;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Which type is stored how.</summary>
internal static class BsonConverters
{
    private static readonly Dictionary<Type, BsonConverter> Scalars = new()
    {
        [typeof(bool)] = new ScalarConverter<bool>(v => v, v => v.AsBoolean()),
        [typeof(byte)] = new ScalarConverter<byte>(v => (int)v, v => checked((byte)v.AsInt32())),
        [typeof(short)] = new ScalarConverter<short>(v => (int)v, v => checked((short)v.AsInt32())),
        [typeof(int)] = new ScalarConverter<int>(v => v, v => v.AsInt32()),
        [typeof(uint)] = new ScalarConverter<uint>(v => (long)v, v => checked((uint)v.AsInt64())),
        [typeof(long)] = new ScalarConverter<long>(v => v, v => v.AsInt64()),
        [typeof(float)] = new ScalarConverter<float>(v => (double)v, v => (float)v.AsDouble()),
        [typeof(double)] = new ScalarConverter<double>(v => v, v => v.AsDouble()),
        [typeof(decimal)] = new ScalarConverter<decimal>(BsonDecimal.Write, BsonDecimal.Read),
        [typeof(string)] = new ScalarConverter<string>(v => v, v => v.AsString()),
        [typeof(char)] = new ScalarConverter<char>(v => v.ToString(), v => v.AsString()[0]),
        [typeof(Guid)] = new ScalarConverter<Guid>(v => v, v => v.AsGuid()),
        [typeof(DateTime)] = new ScalarConverter<DateTime>(WriteDateTime, v => v.AsDateTime().UtcDateTime),
        [typeof(DateTimeOffset)] = new ScalarConverter<DateTimeOffset>(v => v, v => v.AsDateTime()),
        [typeof(DateOnly)] = new ScalarConverter<DateOnly>(
            v => v.ToString("O", CultureInfo.InvariantCulture), v => DateOnly.ParseExact(v.AsString(), "O", CultureInfo.InvariantCulture)),
        [typeof(TimeOnly)] = new ScalarConverter<TimeOnly>(
            v => v.ToString("O", CultureInfo.InvariantCulture), v => TimeOnly.ParseExact(v.AsString(), "O", CultureInfo.InvariantCulture)),
        [typeof(TimeSpan)] = new ScalarConverter<TimeSpan>(v => v.Ticks, v => TimeSpan.FromTicks(v.AsInt64())),
        [typeof(Uri)] = new ScalarConverter<Uri>(v => v.OriginalString, v => new Uri(v.AsString(), UriKind.RelativeOrAbsolute)),
        [typeof(byte[])] = new ScalarConverter<byte[]>(v => new BsonValue(BsonType.Binary, Binary(v)), ReadBinary),
    };

    public static BsonConverter Make(Type type)
    {
        if (Scalars.TryGetValue(type, out var scalar))
            return scalar;

        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return BsonMap.For(underlying);

        if (type.IsEnum)
            return new EnumConverter(type);

        if (DictionaryConverter.TryMake(type) is { } dictionary)
            return dictionary;

        if (ListConverter.TryMake(type) is { } list)
            return list;

        if (type == typeof(object) || type.IsInterface || type.IsAbstract || type.IsPointer || typeof(IEnumerable).IsAssignableFrom(type)
            || typeof(Delegate).IsAssignableFrom(type) || type.Namespace is "System")
        {
            throw new BsonMapException(
                $"{type} cannot be stored: use a class, a record, an enum, a number, a text, a date, a Guid, or a list or dictionary of those.");
        }

        return new ObjectConverter(type);
    }

    // What has no kind was meant as UTC: a saga's times come from DateTime.UtcNow or from messages.
    private static BsonValue WriteDateTime(DateTime value) =>
        new DateTimeOffset(value.Kind is DateTimeKind.Local ? value.ToUniversalTime() : DateTime.SpecifyKind(value, DateTimeKind.Utc));

    private static byte[] Binary(byte[] value)
    {
        var data = new byte[value.Length + 5];
        BitConverter.TryWriteBytes(data, value.Length);
        value.CopyTo(data, 5);
        return data;
    }

    private static byte[] ReadBinary(BsonValue value) =>
        value.Type is BsonType.Binary ? value.Data[5..].ToArray() : throw new BsonFormatException($"The value is of type {value.Type}, not binary.");
}
