using System.Collections;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>Arrays, lists, sets, and the interfaces that they have.</summary>
internal sealed class ListConverter : BsonConverter
{
    private static readonly Type[] Lists =
        [typeof(List<>), typeof(IList<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IReadOnlyCollection<>), typeof(IEnumerable<>)];

    private static readonly Type[] Sets = [typeof(HashSet<>), typeof(ISet<>), typeof(IReadOnlySet<>)];

    private readonly Type _item;
    private readonly Func<IList, object> _make;

    private ListConverter(Type item, Func<IList, object> make)
    {
        _item = item;
        _make = make;
        _ = item == typeof(object) ? throw new BsonMapException("A list of object cannot be stored: say what it holds.") : item;
    }

    public static ListConverter? TryMake(Type type)
    {
        if (type.IsArray && type.GetArrayRank() == 1)
        {
            var element = type.GetElementType()!;
            return new ListConverter(element, values =>
            {
                var array = Array.CreateInstance(element, values.Count);
                values.CopyTo(array, 0);
                return array;
            });
        }

        if (!type.IsGenericType)
            return null;

        var item = type.GetGenericArguments()[0];
        var kind = type.GetGenericTypeDefinition();
        if (Lists.Contains(kind))
            return new ListConverter(item, values => values);

        return Sets.Contains(kind)
            ? new ListConverter(item, values => Activator.CreateInstance(typeof(HashSet<>).MakeGenericType(item), values)!)
            : null;
    }

    public override BsonValue Write(object value)
    {
        var values = new List<BsonValue>();
        foreach (var item in (IEnumerable)value)
            values.Add(BsonMap.ToValue(item, _item));

        return Bson.Array(values);
    }

    public override object Read(BsonValue value)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(_item))!;
        foreach (var element in value.AsDocument())
            list.Add(BsonMap.FromValue(element.Value, _item));

        return _make(list);
    }
}
