using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Enums by their names, so that renumbering them changes nothing.</summary>
internal sealed class EnumConverter(Type type) : BsonConverter
{
    public override BsonValue Write(object value) => value.ToString();

    public override object Read(BsonValue value) => Enum.TryParse(type, value.AsString(), out var known)
        ? known
        : throw new BsonMapException($"'{value.AsString()}' is no {type.Name}.");
}
