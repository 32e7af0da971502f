using IotBus.MongoDb;

namespace IotBus.Persistence.Tests;

/// <summary>What a command asks a collection for.</summary>
internal sealed record StoreQuery(string Collection, BsonDocument Filter, BsonDocument Sort)
{
    /// <summary>The queries of a command; none if it asks for nothing.</summary>
    public static IEnumerable<StoreQuery> Of(BsonDocument command)
    {
        var name = command.First().Name;
        return name switch
        {
            "find" => [Create(command, name, "filter", "sort")],
            "findAndModify" => [Create(command, name, "query", "sort")],
            "aggregate" => OfPipeline(command),
            "update" => Statements(command, name, "updates"),
            "delete" => Statements(command, name, "deletes"),
            _ => [],
        };
    }

    /// <summary>The filter's fields, for each of its alternatives: every one has to have an index.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Alternatives()
    {
        if (Filter.TryGetDocument("$or"u8, out var branches))
            return [.. branches.Select(branch => Fields(branch.Value.AsDocument()))];

        return [Fields(Filter)];
    }

    /// <summary>Whether an index with these keys finds what is asked for, in the order that is asked for.</summary>
    public bool IsServedBy(IReadOnlyList<string> keys, IReadOnlyList<string> fields)
    {
        var sort = Sort.Select(field => field.Name).ToArray();
        if (fields.Count == 0)
            return sort.Length > 0 && keys.Take(sort.Length).SequenceEqual(sort);

        var used = keys.TakeWhile(fields.Contains).Count();
        return used > 0 && (sort.Length == 0 || keys.SkipWhile(key => key != sort[0]).Take(sort.Length).SequenceEqual(sort));
    }

    public override string ToString() => $"{Collection}: {Filter} sort {Sort}";

    private static string[] Fields(BsonDocument filter) => [.. filter.Select(field => field.Name).Where(name => name[0] != '$')];

    private static StoreQuery Create(BsonDocument command, string name, string filter, string sort) => new(
        command.GetString(name),
        command.TryGetDocument(filter, out var which) ? which : BsonDocument.Empty,
        command.TryGetDocument(sort, out var order) ? order : BsonDocument.Empty);

    private static IEnumerable<StoreQuery> Statements(BsonDocument command, string name, string statements) => command.GetDocuments(statements)
        .Select(statement => new StoreQuery(command.GetString(name), statement.GetDocument("q"u8), BsonDocument.Empty));

    private static IEnumerable<StoreQuery> OfPipeline(BsonDocument command)
    {
        var pipeline = command.GetDocuments("pipeline"u8);
        if (pipeline[0].Contains("$changeStream"u8))
            return [];

        var filter = pipeline[0].TryGetDocument("$match"u8, out var match) ? match : BsonDocument.Empty;
        var next = filter.IsEmpty ? pipeline[0] : pipeline[1];
        var sort = next.TryGetDocument("$sort"u8, out var order) ? order : BsonDocument.Empty;
        return [new StoreQuery(command.GetString("aggregate"u8), filter, sort)];
    }
}
