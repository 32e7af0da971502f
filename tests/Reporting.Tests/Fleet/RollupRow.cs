using IotBus.MongoDb;

namespace IotBus.Reporting.Tests.Fleet;

/// <summary>A document of <c>rollups</c>.</summary>
internal sealed record RollupRow(
    DateTimeOffset Hour, string TopicPartition, string Kind, string? Zone, string? Value, string? Device, IReadOnlyCollection<FleetEvent> Events)
{
    /// <summary>Both levels of the events' own kind, and both of <c>ingested</c>.</summary>
    public static IEnumerable<RollupRow> Of(IReadOnlyCollection<FleetEvent> events) =>
        from e in events
        from kind in new[] { e.Type, "ingested" }
        from device in new[] { null, e.Device }
        let at = kind == "ingested" ? e.IngestedAt : e.At
        let hour = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero)
        let value = kind == "ingested" ? null : e.Severity ?? e.Version
        group e by (hour, e.TopicPartition, kind, e.Zone, value, device) into row
        select new RollupRow(row.Key.hour, row.Key.TopicPartition, row.Key.kind, row.Key.Zone, row.Key.value, row.Key.device, [.. row]);

    public BsonDocument ToDocument() => Fields.Document(
        ("_id", Fields.Document(("t", Hour), ("s", TopicPartition), ("k", Kind), ("z", Zone), ("v", Value), ("d", Device))),
        ("count", (long)Events.Count),
        ("temperature", Kind == "telemetry" ? Measure(e => e.Temperature) : BsonValue.Null),
        ("humidity", Kind == "telemetry" ? Measure(e => e.Humidity) : BsonValue.Null));

    private BsonValue Measure(Func<FleetEvent, double> of) =>
        Bson.Document(("sum", Events.Sum(of)), ("min", Events.Min(of)), ("max", Events.Max(of)));
}
