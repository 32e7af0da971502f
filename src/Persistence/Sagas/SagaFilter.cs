using System.Collections;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization;
using IotBus.MongoDb;
using MassTransit;

namespace IotBus.Persistence;

/// <summary>
/// Translates the expressions of correlations and queries: comparisons of a property (also of a nested one) with anything that does not depend on the instance,
/// <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, booleans, <c>HasValue</c>, and <c>Contains</c> of a collection. All else is refused.
/// </summary>
internal static class SagaFilter
{
    /// <exception cref="NotSupportedException">It holds something else; the message quotes it.</exception>
    public static SagaQueryFilter Translate<TSaga>(Expression<Func<TSaga, bool>> expression)
    {
        var equal = new List<string>();
        var filter = Visit(expression.Body, expression.Parameters[0], equal, isRequired: true);
        var fields = equal.Distinct().Where(field => field != "_id").Order(StringComparer.Ordinal).ToArray();
        var keys = fields.Select(field => (field, (BsonValue)1)).ToArray();
        return new SagaQueryFilter(filter, fields.Length == 0 || equal.Contains("_id") ? null : new IndexModel(Bson.Document(keys)));
    }

    /// <summary>The path of a property of the instance; null if it is none.</summary>
    public static string? PathOf(Expression expression, ParameterExpression saga)
    {
        if (expression is UnaryExpression { NodeType: ExpressionType.Convert } convert)
            return PathOf(convert.Operand, saga);

        if (expression is not MemberExpression { Member: PropertyInfo property, Expression: { } owner })
            return null;

        if (property.Name == nameof(Nullable<int>.Value) && Nullable.GetUnderlyingType(owner.Type) is not null)
            return PathOf(owner, saga);

        var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name;
        if (owner == saga)
            return property.Name == nameof(ISaga.CorrelationId) ? "_id" : name;

        return PathOf(owner, saga) is { } path ? $"{path}.{name}" : null;
    }

    private static BsonDocument Visit(Expression expression, ParameterExpression saga, List<string> equal, bool isRequired)
    {
        switch (expression)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso } and:
                return Join("$and", and, saga, equal, isRequired);
            case BinaryExpression { NodeType: ExpressionType.OrElse } or:
                return Join("$or", or, saga, equal, isRequired: false);
            case BinaryExpression comparison when OperatorOf(comparison.NodeType) is { } name:
                return Compare(name, comparison, saga, equal, isRequired);
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                return Bson.Document(("$nor", Bson.Array(Visit(not.Operand, saga, equal, isRequired: false))));
            case MemberExpression { Member.Name: nameof(Nullable<int>.HasValue), Expression: { } nullable } when PathOf(nullable, saga) is { } path:
                return Bson.Document((path, Bson.Document(("$ne", BsonValue.Null))));
            case MemberExpression when expression.Type == typeof(bool) && PathOf(expression, saga) is { } path:
                return Bson.Document((path, true));
            case MethodCallExpression { Method.Name: "Contains" } contains:
                return Contains(contains, saga);
            case ConstantExpression { Value: bool always }:
                return always ? BsonDocument.Empty : Bson.Document(("_id", Bson.Document(("$exists", false))));
            default:
                throw Refused(expression);
        }
    }

    private static BsonDocument Join(string name, BinaryExpression both, ParameterExpression saga, List<string> equal, bool isRequired) => Bson.Document(
        (name, Bson.Array(Visit(both.Left, saga, equal, isRequired), Visit(both.Right, saga, equal, isRequired))));

    private static BsonDocument Compare(string name, BinaryExpression comparison, ParameterExpression saga, List<string> equal, bool isRequired)
    {
        var (left, right) = (comparison.Left, comparison.Right);
        if (PathOf(left, saga) is not { } path)
        {
            path = PathOf(right, saga) ?? throw Refused(comparison);
            (left, right) = (right, left);
            name = Mirrored(name);
        }

        if (name == "$eq" && isRequired)
            equal.Add(path);

        return Bson.Document((path, Bson.Document((name, ValueOf(right, PropertyTypeOf(left), saga)))));
    }

    private static BsonDocument Contains(MethodCallExpression call, ParameterExpression saga)
    {
        var (collection, item) = call.Object is null ? (call.Arguments[0], call.Arguments[1]) : (call.Object, call.Arguments[0]);

        // C# 14 takes an array for a span, which cannot be had as an object.
        if (collection is MethodCallExpression { Method.Name: "op_Implicit", Arguments: [var array] })
            collection = array;

        if (PathOf(item, saga) is { } path)
        {
            var type = PropertyTypeOf(item);
            var values = (IEnumerable)(Evaluate(collection, saga) ?? throw Refused(call));
            return Bson.Document((path, Bson.Document(("$in", Bson.Array(values.Cast<object?>().Select(value => BsonMap.ToValue(value, type)))))));
        }

        // A list of the instance that holds a value; a text that holds another is no equality.
        if (collection.Type != typeof(string) && PathOf(collection, saga) is { } list)
            return Bson.Document((list, ValueOf(item, item.Type, saga)));

        throw Refused(call);
    }

    private static BsonValue ValueOf(Expression expression, Type type, ParameterExpression saga)
    {
        var value = Evaluate(expression, saga);

        // The compiler compares enums as numbers; they are stored by name.
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (value is not null && plain.IsEnum && value.GetType() != plain)
            value = Enum.ToObject(plain, value);

        return value is null ? BsonValue.Null : BsonMap.ToValue(value, plain.IsInstanceOfType(value) ? plain : value.GetType());
    }

    private static Type PropertyTypeOf(Expression expression) => expression switch
    {
        UnaryExpression { NodeType: ExpressionType.Convert } convert => PropertyTypeOf(convert.Operand),
        MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } owner } when Nullable.GetUnderlyingType(owner.Type) is not null => owner.Type,
        _ => expression.Type,
    };

    private static object? Evaluate(Expression expression, ParameterExpression saga)
    {
        if (ParameterSearch.IsIn(expression, saga))
            throw Refused(expression);

        return expression is ConstantExpression constant
            ? constant.Value
            : Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
    }

    private static string? OperatorOf(ExpressionType type) => type switch
    {
        ExpressionType.Equal => "$eq",
        ExpressionType.NotEqual => "$ne",
        ExpressionType.LessThan => "$lt",
        ExpressionType.LessThanOrEqual => "$lte",
        ExpressionType.GreaterThan => "$gt",
        ExpressionType.GreaterThanOrEqual => "$gte",
        _ => null,
    };

    private static string Mirrored(string name) => name switch
    {
        "$lt" => "$gt",
        "$lte" => "$gte",
        "$gt" => "$lt",
        "$gte" => "$lte",
        _ => name,
    };

    private static NotSupportedException Refused(Expression expression) =>
        new($"'{expression}' cannot be asked of MongoDB: compare properties of the saga with values that do not depend on it.");

    private sealed class ParameterSearch(ParameterExpression parameter) : ExpressionVisitor
    {
        private bool _found;

        public static bool IsIn(Expression expression, ParameterExpression parameter)
        {
            var search = new ParameterSearch(parameter);
            search.Visit(expression);
            return search._found;
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            _found |= node == parameter;
            return node;
        }
    }
}
