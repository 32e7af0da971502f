using System.Runtime.CompilerServices;
using IotBus.MongoDb;
using IotBus.Reporting.Store;

namespace IotBus.Reporting.Metrics;

/// <summary>The collection <c>rollups</c>, for reading. Thread-safe.</summary>
internal sealed class Rollups(ReportingStore store, ZoneDevices zones)
{
    /// <summary>
    /// Adds up the rows of a kind that the filter asks for, by the key; what has no key is under the empty string. One query; with a zone that rows of this
    /// kind do not name, one more for each 1,000 devices in it.
    /// </summary>
    public async Task<SortedDictionary<string, RollupSum>> SumAsync(
        RollupKind kind, MetricsFilter filter, BsonValue key, CancellationToken cancellationToken)
    {
        var group = Bson.Document(("$group", Bson.Document(
            ("_id", key),
            ("count", Bson.Document(("$sum", "$count"))),
            ("temperature", Bson.Document(("$sum", "$temperature.sum"))),
            ("humidity", Bson.Document(("$sum", "$humidity.sum"))))));

        var sums = new SortedDictionary<string, RollupSum>(StringComparer.Ordinal);
        await foreach (var rows in RowsAsync(kind, filter, cancellationToken))
        {
            var match = Bson.Document(("$match", rows));
            await foreach (var sum in store.Rollups.AggregateEachAsync([match, group], store.Aggregate, cancellationToken: cancellationToken))
            {
                var name = sum.TryGetString("_id"u8, out var text) ? text : "";
                sums[name] = sums.GetValueOrDefault(name)
                    + new RollupSum(sum.GetInt64("count"u8), sum.GetDouble("temperature"u8), sum.GetDouble("humidity"u8));
            }
        }

        return sums;
    }

    /// <summary>The filters whose rows, together, count each event once.</summary>
    private async IAsyncEnumerable<BsonDocument> RowsAsync(
        RollupKind kind, MetricsFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A null finds what is absent too: the fleet's rows have no device.
        BsonValue device = filter.Device is null ? BsonValue.Null : filter.Device;
        if (filter.Zone is null)
        {
            yield return Rows(kind, filter.Hours, device, zone: null);
            yield break;
        }

        if (kind.WithZone)
            yield return Rows(kind, filter.Hours, device, filter.Zone);

        if (!kind.WithoutZone)
            yield break;

        await foreach (var devices in zones.InAsync(filter.Zone, filter.Device, cancellationToken))
            yield return Rows(kind, filter.Hours, Bson.Document(("$in", Bson.Array(devices))), BsonValue.Null);
    }

    private static BsonDocument Rows(RollupKind kind, HourRange hours, BsonValue device, BsonValue? zone)
    {
        List<(string, BsonValue)> fields = [("_id.k", kind.Name), ("_id.d", device)];
        List<(string, BsonValue)> bounds = [];
        if (hours.From is { } from)
            bounds.Add(("$gte", from));

        if (hours.To is { } to)
            bounds.Add(("$lt", to));

        if (bounds.Count > 0)
            fields.Add(("_id.t", Bson.Document([.. bounds])));

        if (zone is { } named)
            fields.Add(("_id.z", named));

        return Bson.Document([.. fields]);
    }
}
