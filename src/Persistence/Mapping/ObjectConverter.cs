using System.Reflection;
using System.Text.Json.Serialization;
using IotBus.MongoDb;

namespace IotBus.Persistence;

/// <summary>
/// A class, record or struct as a document. Fields of the document that the class does not have are left out when it is read, and so lost when it is written;
/// properties that the document does not have keep what the constructor gave them.
/// </summary>
internal sealed class ObjectConverter : BsonConverter
{
    private readonly Type _type;
    private readonly Lazy<Member[]> _members;
    private readonly ConstructorInfo? _constructor;

    public ObjectConverter(Type type)
    {
        _type = type;
        var constructors = type.GetConstructors();
        _constructor = Array.Find(constructors, constructor => constructor.GetParameters().Length == 0)
            ?? constructors.MaxBy(constructor => constructor.GetParameters().Length);
        if (_constructor is null && !type.IsValueType)
            throw new BsonMapException($"{type} cannot be stored: it has no public constructor.");

        // Later, since classes may hold themselves.
        _members = new Lazy<Member[]>(FindMembers);
    }

    /// <summary>The names and types of the fields, checked to be storable.</summary>
    public IReadOnlyList<Member> Members => _members.Value;

    public override BsonValue Write(object value) => WriteDocument(value, idOf: null);

    public override object Read(BsonValue value) => ReadDocument(value.AsDocument(), idOf: null);

    /// <param name="value">The object.</param>
    /// <param name="idOf">The property that is stored as <c>_id</c>.</param>
    public BsonDocument WriteDocument(object value, string? idOf) => Bson.Document(writer =>
    {
        foreach (var member in Members)
        {
            var stored = BsonMap.ToValue(member.Property.GetValue(value), member.Property.PropertyType);
            writer.WriteValue(member.Property.Name == idOf ? "_id" : member.Name, stored);
        }
    });

    public object ReadDocument(BsonDocument document, string? idOf)
    {
        var parameters = _constructor?.GetParameters() ?? [];
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
            arguments[i] = ReadArgument(parameters[i], document, idOf);

        var value = _constructor is null ? Activator.CreateInstance(_type)! : _constructor.Invoke(arguments);
        foreach (var member in Members)
        {
            if (member.Property.SetMethod is { IsPublic: true } && TryRead(member, document, idOf, out var stored))
                member.Property.SetValue(value, stored);
        }

        return value;
    }

    private object? ReadArgument(ParameterInfo parameter, BsonDocument document, string? idOf)
    {
        var member = Members.FirstOrDefault(m => string.Equals(m.Property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase))
            ?? throw new BsonMapException($"{_type}: the constructor's '{parameter.Name}' is no property.");
        if (TryRead(member, document, idOf, out var value))
            return value;

        if (parameter.HasDefaultValue)
            return parameter.DefaultValue;

        return parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
    }

    private bool TryRead(Member member, BsonDocument document, string? idOf, out object? value)
    {
        value = null;
        if (!document.TryGetValue(member.Property.Name == idOf ? "_id" : member.Name, out var stored))
            return false;

        try
        {
            value = BsonMap.FromValue(stored, member.Property.PropertyType);
            return true;
        }
        catch (Exception e) when (e is BsonFormatException or BsonMapException or OverflowException or FormatException or IndexOutOfRangeException)
        {
            throw new BsonMapException($"{_type.Name}.{member.Name} cannot be read: {e.Message}", e);
        }
    }

    private Member[] FindMembers()
    {
        var parameters = _constructor?.GetParameters() ?? [];
        var members = new List<Member>();
        foreach (var property in _type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var isArgument = parameters.Any(p => string.Equals(p.Name, property.Name, StringComparison.OrdinalIgnoreCase));
            var isSettable = property.SetMethod is { IsPublic: true } || isArgument;
            if (property.GetMethod is not { IsPublic: true } || !isSettable || property.GetIndexParameters().Length > 0
                || property.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Always })
            {
                continue;
            }

            try
            {
                _ = BsonMap.For(property.PropertyType);
            }
            catch (BsonMapException e)
            {
                throw new BsonMapException($"{_type.Name}.{property.Name}: {e.Message}", e);
            }

            members.Add(new Member(property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name, property));
        }

        return [.. members];
    }

    /// <summary>A property and the field it is stored in.</summary>
    public sealed record Member(string Name, PropertyInfo Property);
}
