using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Stores values of one type.</summary>
internal abstract class BsonConverter
{
    public abstract BsonValue Write(object value);

    public abstract object Read(BsonValue value);
}

/// <summary>Stores values of one type by two functions.</summary>
internal sealed class ScalarConverter<T>(Func<T, BsonValue> write, Func<BsonValue, T> read) : BsonConverter
    where T : notnull
{
    public override BsonValue Write(object value) => write((T)value);

    public override object Read(BsonValue value) => read(value);
}
