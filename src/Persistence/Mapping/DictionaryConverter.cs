using System.Collections;
using System.ComponentModel;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// Dictionaries as documents, with keys that are texts, Guids, numbers or enums. A key with a dot or a dollar in front is stored as it is: it can be read
/// back, though not queried by its path.
/// </summary>
internal sealed class DictionaryConverter : BsonConverter
{
    private static readonly Type[] Kinds = [typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>)];

    private readonly Type _key;
    private readonly Type _value;

    private DictionaryConverter(Type key, Type value)
    {
        if (key != typeof(string) && key != typeof(Guid) && !key.IsEnum && key != typeof(int) && key != typeof(long))
            throw new BsonMapException($"A dictionary whose keys are {key.Name} cannot be stored: use texts, Guids, int, long or an enum.");

        _key = key;
        _value = value;
    }

    public static DictionaryConverter? TryMake(Type type)
    {
        if (!type.IsGenericType || !Kinds.Contains(type.GetGenericTypeDefinition()))
            return null;

        var arguments = type.GetGenericArguments();
        return new DictionaryConverter(arguments[0], arguments[1]);
    }

    public override BsonValue Write(object value)
    {
        var pairs = new List<(string Name, BsonValue Value)>();
        var entries = typeof(KeyValuePair<,>).MakeGenericType(_key, _value);
        var (keyOf, valueOf) = (entries.GetProperty("Key")!, entries.GetProperty("Value")!);
        foreach (var entry in (IEnumerable)value)
            pairs.Add((Convert.ToString(keyOf.GetValue(entry), System.Globalization.CultureInfo.InvariantCulture)!, BsonMap.ToValue(valueOf.GetValue(entry), _value)));

        return Bson.Document([.. pairs]);
    }

    public override object Read(BsonValue value)
    {
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(_key, _value))!;
        foreach (var element in value.AsDocument())
            dictionary.Add(ReadKey(element.Name), BsonMap.FromValue(element.Value, _value));

        return dictionary;
    }

    private object ReadKey(string name)
    {
        if (_key == typeof(string))
            return name;

        return TypeDescriptor.GetConverter(_key).ConvertFromInvariantString(name)
            ?? throw new BsonMapException($"'{name}' is no {_key.Name}.");
    }
}
