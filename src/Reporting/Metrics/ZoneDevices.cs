using System.Runtime.CompilerServices;
using IotBus.MongoDb;
using IotBus.Reporting.Store;

namespace IotBus.Reporting.Metrics;

/// <summary>Which devices are in a zone now. Thread-safe.</summary>
internal sealed class ZoneDevices(ReportingStore store)
{
    /// <summary>A filter that names each device stays far below MongoDB's 16 MiB for a command, whatever the size of the zone.</summary>
    private const int ChunkSize = 1000;

    /// <summary>The devices in the zone, only <paramref name="device"/> where it is not null, up to 1,000 at a time.</summary>
    public async IAsyncEnumerable<BsonValue[]> InAsync(
        string zone, string? device, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = device is null
            ? Bson.Document(("_id.s", DeviceStreams.Telemetry), ("zone", zone))
            : Bson.Document(("_id.s", DeviceStreams.Telemetry), ("zone", zone), ("_id.d", device));
        var options = store.Find with { Projection = Bson.Document(("_id", 1)) };

        var chunk = new List<BsonValue>();
        await foreach (var state in store.Devices.FindEachAsync(filter, options, cancellationToken: cancellationToken))
        {
            chunk.Add(state.GetDocument("_id"u8)["d"u8]);
            if (chunk.Count < ChunkSize)
                continue;

            yield return [.. chunk];
            chunk.Clear();
        }

        if (chunk.Count > 0)
            yield return [.. chunk];
    }
}
