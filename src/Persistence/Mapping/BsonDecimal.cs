using System.Buffers.Binary;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// <see cref="decimal"/> as Decimal128 (IEEE 754-2008, binary integer decimal): every decimal fits exactly; a Decimal128 that another program stored may not, which
/// is an error.
/// </summary>
internal static class BsonDecimal
{
    private const int Bias = 6176;
    private const int Length = 16;

    public static BsonValue Write(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var scale = (parts[3] >> 16) & 0xFF;
        var sign = (ulong)(uint)parts[3] >> 31;
        var data = new byte[Length];
        BinaryPrimitives.WriteUInt64LittleEndian(data, ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(8), (sign << 63) | ((ulong)(Bias - scale) << 49) | (uint)parts[2]);
        return new BsonValue(BsonType.Decimal128, data);
    }

    public static decimal Read(BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Int32 or BsonType.Int64:
                return value.AsInt64();
            case BsonType.Double:
                return (decimal)value.AsDouble();
            case not BsonType.Decimal128:
                throw new BsonFormatException($"The value is of type {value.Type}, not a number.");
        }

        var low = BinaryPrimitives.ReadUInt64LittleEndian(value.Data.Span);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(value.Data.Span[8..]);
        var exponent = (int)((high >> 49) & 0x3FFF) - Bias;
        var top = high & 0x1_FFFF_FFFF_FFFF;
        if ((high & 0x6000_0000_0000_0000) == 0x6000_0000_0000_0000 || top > uint.MaxValue || exponent is > 28 or < -28)
            throw new BsonMapException("A Decimal128 was stored that no decimal can hold.");

        var isNegative = high >> 63 != 0;
        var whole = new decimal((int)(uint)low, (int)(uint)(low >> 32), (int)(uint)top, isNegative, (byte)Math.Max(0, -exponent));
        try
        {
            for (; exponent > 0; exponent--)
                whole *= 10;

            return whole;
        }
        catch (OverflowException e)
        {
            throw new BsonMapException("A Decimal128 was stored that no decimal can hold.", e);
        }
    }
}
