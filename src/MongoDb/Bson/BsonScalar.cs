using System.Buffers.Binary;
using System.Text;

namespace IotBus.MongoDb;

/// <summary>Values from their bytes, whose length was checked before.</summary>
internal static class BsonScalar
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Name(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new BsonFormatException("A string is not valid UTF-8.", e);
        }
    }

    public static ReadOnlySpan<byte> StringBytes(BsonType type, ReadOnlySpan<byte> data)
    {
        Require(type is BsonType.String or BsonType.Symbol or BsonType.JavaScript, type, "a string");
        return data[sizeof(int)..^1];
    }

    public static bool Boolean(BsonType type, ReadOnlySpan<byte> data)
    {
        Require(type is BsonType.Boolean, type, "a boolean");
        return data[0] <= 1 ? data[0] == 1 : throw new BsonFormatException($"A boolean is 0 or 1, not {data[0]}.");
    }

    public static double Double(BsonType type, ReadOnlySpan<byte> data) => type switch
    {
        BsonType.Double => BinaryPrimitives.ReadDoubleLittleEndian(data),
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(data),
        BsonType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(data),
        _ => throw Mismatch(type, "a number"),
    };

    /// <summary>An integer, also one that a server or a shell stored as a double.</summary>
    public static long Int64(BsonType type, ReadOnlySpan<byte> data) => type switch
    {
        BsonType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(data),
        BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(data),
        BsonType.Double => Whole(BinaryPrimitives.ReadDoubleLittleEndian(data)),
        _ => throw Mismatch(type, "an integer"),
    };

    public static int Int32(BsonType type, ReadOnlySpan<byte> data)
    {
        var value = Int64(type, data);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new BsonFormatException($"{value} is no 32-bit integer.");
    }

    public static long UnixMilliseconds(BsonType type, ReadOnlySpan<byte> data)
    {
        Require(type is BsonType.DateTime, type, "a date");
        return BinaryPrimitives.ReadInt64LittleEndian(data);
    }

    public static DateTimeOffset DateTime(BsonType type, ReadOnlySpan<byte> data)
    {
        const long min = -62_135_596_800_000;
        const long max = 253_402_300_799_999;
        var milliseconds = UnixMilliseconds(type, data);
        return milliseconds is >= min and <= max
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new BsonFormatException($"{milliseconds} ms since 1970 is outside the years 1 to 9999.");
    }

    public static ReadOnlySpan<byte> Binary(BsonType type, ReadOnlySpan<byte> data, out byte subtype)
    {
        Require(type is BsonType.Binary, type, "binary");
        subtype = data[sizeof(int)];
        return data[(sizeof(int) + 1)..];
    }

    public static Guid Guid(BsonType type, ReadOnlySpan<byte> data)
    {
        var bytes = Binary(type, data, out var subtype);
        return subtype == BsonWriter.UuidSubtype && bytes.Length == 16
            ? new Guid(bytes, bigEndian: true)
            : throw new BsonFormatException($"Binary of subtype {subtype} and {bytes.Length} bytes is no UUID.");
    }

    public static ReadOnlySpan<byte> ObjectId(BsonType type, ReadOnlySpan<byte> data)
    {
        Require(type is BsonType.ObjectId, type, "an ObjectId");
        return data;
    }

    public static void RequireDocument(BsonType type) =>
        Require(type is BsonType.Document or BsonType.Array, type, "a document");

    private static long Whole(double value) =>
        double.IsInteger(value) && value is >= -9.2e18 and <= 9.2e18 ? (long)value : throw new BsonFormatException($"{value} is no 64-bit integer.");

    private static void Require(bool condition, BsonType type, string expected)
    {
        if (!condition)
            throw Mismatch(type, expected);
    }

    private static BsonFormatException Mismatch(BsonType type, string expected) => new($"The value is of type {type}, not {expected}.");
}
